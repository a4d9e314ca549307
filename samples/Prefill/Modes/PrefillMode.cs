using PackingKit.Attention;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>One forward pass of a mode.</summary>
/// <param name="Pass">Which prompts of the batch, and where their tokens lie.</param>
/// <param name="Kernel">How they attend; <see langword="null"/> for the fastest that device and type allow.</param>
internal sealed record ModePass(PackedPass Pass, AttentionKernel? Kernel = null)
{
    public ModePass(IReadOnlyList<int> prompts, PackedLayout layout, AttentionKernel? kernel = null)
        : this(new PackedPass(prompts, layout), kernel)
    {
    }

    public IReadOnlyList<int> Prompts => Pass.Prompts;

    public PackedLayout Layout => Pass.Layout;
}

/// <summary>What a mode may choose by.</summary>
/// <param name="Strategy">How to pack rows and passes.</param>
/// <param name="Capacity">Slots of a packed row; <see langword="null"/> for the batch's longest prompt.</param>
/// <param name="Budget">Maximum tokens of a pass; <see langword="null"/> for a quarter of the batch, if the mode can do with that.</param>
internal sealed record ModeSettings(IPackingStrategy Strategy, int? Capacity, int? Budget)
{
    public Packing Rows(int[] lengths) => Strategy.Pack(PackingProblem.Borrow(lengths, Capacity ?? lengths.Max())).Packing;

    /// <summary>At least the longest prompt, so that none is cut.</summary>
    public int BudgetOf(int[] lengths) => Budget ?? Math.Max(lengths.Max(), Quarter(lengths));

    /// <summary>At most half of the longest prompt, so that at least one is cut.</summary>
    public int ChunkOf(int[] lengths) => Budget ?? Math.Min((lengths.Max() + 1) / 2, Quarter(lengths));

    private static int Quarter(int[] lengths) => (lengths.Sum() + 3) / 4;
}

/// <summary>A way to prefill a batch: into which passes, how laid out, by which attention. The model is the same for all.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Description">As the table has it.</param>
/// <param name="IsPacked">Whether prompts share rows.</param>
/// <param name="Plan">From the prompts' token IDs to passes.</param>
/// <param name="ThroughCache">Whether a prompt may be in several passes, and later ones find the earlier in a cache.</param>
internal sealed record PrefillMode(
    string Name, string Description, bool IsPacked, Func<int[][], ModeSettings, ModePass[]> Plan, bool ThroughCache = false)
{
    public static IReadOnlyList<PrefillMode> All { get; } =
    [
        new("padded", "one batch, padded to the longest prompt", false, ByLengths((lengths, _) =>
            [Padded([.. Enumerable.Range(0, lengths.Length)], lengths)])),
        new("ordered", "sorted by length, cut into as many padded batches as packing makes rows", false, ByLengths(Ordered)),
        new("dense", "packed rows under a block-diagonal mask (the paper's prepacking)", true, ByLengths(Dense)),
        new("varlen", "one flat row, attention prompt by prompt: no padding, no mask", true, ByLengths(Varlen)),
        new("budget", "flat rows of at most --budget tokens, packed: a batch in several passes", true, ByLengths(Budget)),
        new(
            "chunked", "the same with a smaller budget: longer prompts in chunks through a cache", true, ByLengths(Chunked),
            ThroughCache: true),
        new("shared", "flat rows of prefix forests, one or by --budget: what prompts begin with alike is computed once", true, Shared),
    ];

    public static PrefillMode Named(string name) => All.First(mode => mode.Name == name);

    private static Func<int[][], ModeSettings, ModePass[]> ByLengths(Func<int[], ModeSettings, ModePass[]> plan) =>
        (prompts, settings) => plan(Array.ConvertAll(prompts, prompt => prompt.Length), settings);

    private static ModePass[] Shared(int[][] prompts, ModeSettings settings) =>
        [.. PackedPasses.Plan(prompts, settings.Budget ?? int.MaxValue).Select(pass => new ModePass(pass))];

    private static ModePass[] Ordered(int[] lengths, ModeSettings settings)
    {
        var order = Enumerable.Range(0, lengths.Length).OrderBy(prompt => lengths[prompt]).ToArray();
        var rows = settings.Rows(lengths).BinCount;
        return [.. order.Chunk((order.Length + rows - 1) / rows).Select(prompts => Padded(prompts, lengths))];
    }

    private static ModePass[] Dense(int[] lengths, ModeSettings settings) =>
        [new ModePass(
            [.. Enumerable.Range(0, lengths.Length)], PackedLayout.FromPacking(settings.Rows(lengths), lengths), AttentionKernel.Dense)];

    private static ModePass[] Varlen(int[] lengths, ModeSettings settings) =>
        [new ModePass([.. Enumerable.Range(0, lengths.Length)], PackedLayout.Flat(lengths))];

    private static ModePass[] Budget(int[] lengths, ModeSettings settings) => Passes(lengths, settings.BudgetOf(lengths), settings);

    private static ModePass[] Chunked(int[] lengths, ModeSettings settings) => Passes(lengths, settings.ChunkOf(lengths), settings);

    private static ModePass[] Passes(int[] lengths, int budget, ModeSettings settings) =>
        [.. PackedPasses.Plan(lengths, budget, settings.Strategy).Select(pass => new ModePass(pass))];

    /// <summary>A padded batch is a packing of one prompt a row.</summary>
    private static ModePass Padded(int[] prompts, int[] lengths)
    {
        var rows = Packing.FromAssignment([.. Enumerable.Range(0, prompts.Length)], prompts.Length);
        return new ModePass(
            prompts, PackedLayout.FromPacking(rows, Array.ConvertAll(prompts, prompt => lengths[prompt])), AttentionKernel.Padded);
    }
}
