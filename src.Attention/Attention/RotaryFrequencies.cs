using System.Text.Json;

namespace PackingKit.Attention;

/// <summary>
/// How fast each pair of elements of a head turns with the position, and what else a rotary embedding is made of: the usual frequencies,
/// and those that models with longer contexts scale. Immutable.
/// </summary>
/// <param name="Values">Radians per position of each pair: head size / 2 entries.</param>
public sealed record RotaryFrequencies(ValueList<double> Values)
{
    /// <summary>A factor on cosines and sines: YaRN's attention factor. 1 for all others.</summary>
    public double Magnitude { get; init; } = 1;

    /// <summary>
    /// Where positions have several rows (time, height and width of multimodal models), the row that turns each pair; empty where positions
    /// have one.
    /// </summary>
    public ValueList<int> Rows { get; init; } = [];

    /// <summary>Elements of a head.</summary>
    public int HeadSize => 2 * Values.Count;

    /// <summary>The frequencies of Su et al. (RoFormer, 2021): theta^(-2i / head size).</summary>
    /// <param name="headSize">Elements of a head, even and above 0.</param>
    /// <param name="theta">The base (<c>rope_theta</c>), above 0 and finite.</param>
    /// <exception cref="ArgumentException">The head size is odd.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The head size is below 1, or the base is not a finite number above 0.</exception>
    public static RotaryFrequencies Usual(int headSize, double theta = 10000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(headSize, 1);
        Require(theta, nameof(theta), "The base");
        if (headSize % 2 != 0)
            throw new ArgumentException($"A head of {headSize} elements has no halves.", nameof(headSize));
        return new RotaryFrequencies([.. Enumerable.Range(0, headSize / 2).Select(i => Math.Pow(theta, -2.0 * i / headSize))]);
    }

    /// <summary>All frequencies divided by a factor: position interpolation (Chen et al., 2023), <c>linear</c> in configurations.</summary>
    /// <param name="factor">How many times longer contexts become, above 0 and finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not a finite number above 0.</exception>
    public RotaryFrequencies Linear(double factor)
    {
        Require(factor, nameof(factor), "The factor");
        return this with { Values = [.. Values.Select(frequency => frequency / factor)] };
    }

    /// <summary>Low frequencies divided by a factor, high ones left, those between mixed: Llama 3.1's scaling.</summary>
    /// <param name="factor">How many times slower the lowest turn, above 0 and finite.</param>
    /// <param name="lowFactor">Turns in the original context up to which a frequency is low (<c>low_freq_factor</c>).</param>
    /// <param name="highFactor">Turns from which it is high (<c>high_freq_factor</c>), above <paramref name="lowFactor"/>.</param>
    /// <param name="originalPositions">The original context (<c>original_max_position_embeddings</c>), at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RotaryFrequencies Llama3(double factor, double lowFactor, double highFactor, int originalPositions)
    {
        Require(factor, nameof(factor), "The factor");
        Require(lowFactor, nameof(lowFactor), "The low factor");
        Require(highFactor, nameof(highFactor), "The high factor");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(highFactor, lowFactor);
        ArgumentOutOfRangeException.ThrowIfLessThan(originalPositions, 1);
        return this with
        {
            Values = [.. Values.Select(frequency =>
            {
                var turns = originalPositions * frequency / (2 * Math.PI);
                var kept = Math.Clamp((turns - lowFactor) / (highFactor - lowFactor), 0, 1);
                return frequency * (kept + (1 - kept) / factor);
            })],
        };
    }

    /// <summary>YaRN (Peng et al., 2023): as <see cref="Llama3"/>, but mixed by the place of the pair, and with a magnitude.</summary>
    /// <param name="factor">How many times longer contexts become, above 0 and finite.</param>
    /// <param name="theta">The base that the frequencies were made with.</param>
    /// <param name="originalPositions">The original context, at least 1.</param>
    /// <param name="fast">Turns in the original context from which pairs are left as they are (<c>beta_fast</c>).</param>
    /// <param name="slow">Turns below which they are divided in full (<c>beta_slow</c>), below <paramref name="fast"/>.</param>
    /// <param name="magnitude">The attention factor; 0.1 ln(factor) + 1 where none is given, and 1 for factors up to 1.</param>
    /// <param name="truncate">Whether the mixed pairs begin and end at whole ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RotaryFrequencies Yarn(
        double factor, double theta, int originalPositions, double fast = 32, double slow = 1, double? magnitude = null,
        bool truncate = true)
    {
        Require(factor, nameof(factor), "The factor");
        Require(theta, nameof(theta), "The base");
        ArgumentOutOfRangeException.ThrowIfLessThan(originalPositions, 1);
        Require(slow, nameof(slow), "The slow turns");
        Require(fast, nameof(fast), "The fast turns");
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(fast, slow);
        Require(magnitude ?? 1, nameof(magnitude), "The magnitude");
        var (low, high) = (PairOf(fast), PairOf(slow));
        if (truncate)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, HeadSize - 1));
        if (high == low)
            high += 0.001; // as the reference does
        return this with
        {
            Values = [.. Values.Select((frequency, pair) =>
            {
                var divided = Math.Clamp((pair - low) / (high - low), 0, 1);
                return frequency * (1 - divided + divided / factor);
            })],
            Magnitude = magnitude ?? MagnitudeOf(factor, 1),
        };

        // The pair that makes so many turns in the original context, as a real number.
        double PairOf(double turns) => HeadSize * Math.Log(originalPositions / (turns * 2 * Math.PI)) / (2 * Math.Log(theta));
    }

    /// <summary>Positions with several rows: time, height and width (Qwen2-VL).</summary>
    /// <param name="sections">How many pairs each row turns (<c>mrope_section</c>); they add up to half of the head.</param>
    /// <param name="interleaved">
    /// Whether rows take turns pair by pair, as in Qwen3-VL, the rest being the first row's; else each has its pairs side by side.
    /// </param>
    /// <exception cref="ArgumentException">The sections do not add up to half of the head.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A section is negative.</exception>
    public RotaryFrequencies Multimodal(ReadOnlySpan<int> sections, bool interleaved = false)
    {
        var total = 0L;
        foreach (var section in sections)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(section, nameof(sections));
            total += section;
        }
        if (total != Values.Count)
            throw new ArgumentException($"The sections have {total} pairs, but the head {Values.Count}.", nameof(sections));
        var (rows, end) = (new int[Values.Count], 0);
        for (var row = 0; row < sections.Length; row++)
        {
            if (!interleaved)
                rows.AsSpan(end, sections[row]).Fill(row);
            else if (row > 0)
                for (var i = 0; i < sections[row]; i++)
                    if (row + i * sections.Length < rows.Length)
                        rows[row + i * sections.Length] = row;
            end += sections[row];
        }
        return this with { Rows = ValueList.Create<int>(rows) };
    }

    /// <summary>
    /// What a Hugging Face <c>config.json</c> says: <c>rope_parameters</c> or <c>rope_scaling</c> of the types default, linear, llama3,
    /// yarn and mrope, <c>rope_theta</c> (10000 where there is none), and the head size.
    /// </summary>
    /// <remarks>
    /// Whatever else a configuration says about rotation is refused rather than left out: another key with "rope" or "rotary" in its name
    /// that is neither <c>null</c> nor <c>false</c>, and a key of <c>rope_parameters</c> or <c>rope_scaling</c> that its type does not
    /// take. So are models whose layers rotate in several ways (Gemma 3, ModernBERT): make each of the frequencies by
    /// <see cref="Usual"/> and a scaling.
    /// </remarks>
    /// <param name="config">The configuration's root, or the part of it for text.</param>
    /// <exception cref="FormatException">
    /// A number is missing or out of its range, the head size is not whole, or a value is of another kind; the message names it.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The type is another, only part of a head is rotated, or a key is not known; the message has key and value.
    /// </exception>
    public static RotaryFrequencies FromConfig(JsonElement config) => RotaryConfig.Read(config);

    /// <summary>YaRN's attention factor.</summary>
    internal static double MagnitudeOf(double factor, double scale) => factor <= 1 ? 1 : 0.1 * scale * Math.Log(factor) + 1;

    private static void Require(double value, string name, string what)
    {
        if (!(value > 0 && double.IsFinite(value)))
            throw new ArgumentOutOfRangeException(name, value, $"{what} is {value}, not a finite number above 0.");
    }
}
