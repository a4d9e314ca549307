namespace PackingKit;

/// <summary>Prompts in passes, counted from the forest, with a bound on the number of passes. Immutable, thread-safe.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class PrefixResult
{
    /// <summary>Stands for the pass of a prompt that is left out.</summary>
    public const int NoPass = -1;

    private readonly int[] _passOfPrompt, _offsets, _prompts;
    private readonly long[] _tokens;

    /// <summary>Of the pass of each prompt. O(nodes of all passes).</summary>
    /// <param name="problem">What was packed.</param>
    /// <param name="strategy">Id of the strategy.</param>
    /// <param name="passOfPrompt">
    /// From 0 to <paramref name="passCount"/> - 1, or <see cref="NoPass"/>: just for the prompts that the problem leaves out.
    /// </param>
    /// <param name="passCount">Number of passes.</param>
    /// <param name="bound">What is known of the fewest passes; not above <paramref name="passCount"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">
    /// There is not one pass for each prompt, a pass is empty or above the budget: the message names it. Or a prompt is in a pass that
    /// there is not, or in none, or is left out and in one: the message names it. Or the bound is above the number of passes.
    /// </exception>
    public PrefixResult(PrefixProblem problem, string strategy, ReadOnlySpan<int> passOfPrompt, int passCount, PrefixBound bound)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(strategy);
        ArgumentNullException.ThrowIfNull(bound);
        ArgumentOutOfRangeException.ThrowIfNegative(passCount);
        if (bound.Passes > passCount)
            throw new ArgumentException($"The bound of {bound.Passes} passes is above the {passCount} of the packing.", nameof(bound));
        (Problem, Strategy, Bound) = (problem, strategy, bound);
        var forest = problem.Forest;
        if (passOfPrompt.Length != forest.PromptCount)
            throw new ArgumentException(
                $"{forest.PromptCount} prompts need one pass each, not {passOfPrompt.Length}.", nameof(passOfPrompt));
        _passOfPrompt = passOfPrompt.ToArray();
        _offsets = new int[passCount + 1];
        for (var prompt = 0; prompt < _passOfPrompt.Length; prompt++)
        {
            var (pass, length) = (_passOfPrompt[prompt], forest.LengthOf(prompt));
            if (length > problem.Budget ? pass != NoPass : (uint)pass >= (uint)passCount)
                throw new ArgumentException(
                    $"Prompt {prompt} of {length} tokens is in pass {pass}; there are {passCount} of {problem.Budget} tokens.",
                    nameof(passOfPrompt));
            if (pass != NoPass)
                _offsets[pass + 1]++;
        }
        for (var pass = 0; pass < passCount; pass++)
        {
            if (_offsets[pass + 1] == 0)
                throw new ArgumentException($"Pass {pass} is empty.", nameof(passOfPrompt));
            _offsets[pass + 1] += _offsets[pass];
        }
        _prompts = InTreeOrder(forest);
        _tokens = new long[passCount];
        Count(forest);
    }

    /// <summary>What was packed.</summary>
    public PrefixProblem Problem { get; }

    /// <summary>Id of the strategy.</summary>
    public string Strategy { get; }

    /// <summary>No packing has fewer passes than this bound.</summary>
    public PrefixBound Bound { get; }

    /// <summary>Why the strategy stopped.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>Number of passes.</summary>
    public int PassCount => _tokens.Length;

    /// <summary>The pass of each prompt; <see cref="NoPass"/> for those left out.</summary>
    public ReadOnlySpan<int> PassOfPrompt => _passOfPrompt;

    /// <summary>Tokens of each pass, each shared beginning once.</summary>
    public ReadOnlySpan<long> TokensOfPass => _tokens;

    /// <summary>Tokens of all passes: <see cref="PrefixProblem.DistinctTokenCount"/> and what is computed in several passes.</summary>
    public long ComputedTokenCount { get; private set; }

    /// <summary>Passes beyond the bound; 0 proves that there cannot be fewer.</summary>
    public long Gap => PassCount - Bound.Passes;

    /// <summary><see cref="PackingStatus.Optimal"/> whenever the number of passes equals the bound.</summary>
    public PackingStatus Status => Gap == 0 ? PackingStatus.Optimal : PackingStatus.Feasible;

    /// <summary>The prompts of a pass in the order of their nodes, so that what is shared stands together.</summary>
    /// <param name="pass">From 0 to <see cref="PassCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pass"/> is outside that range.</exception>
    public ReadOnlySpan<int> PromptsOf(int pass) => (uint)pass < (uint)PassCount ? _prompts.AsSpan(_offsets[pass].._offsets[pass + 1])
        : throw new ArgumentOutOfRangeException(nameof(pass), pass, $"There are {PassCount} passes.");

    /// <summary>"695 passes, bound 695 (tree), 91048764 tokens".</summary>
    public override string ToString() => $"{PassCount} {(PassCount == 1 ? "pass" : "passes")}, bound {Bound}, {ComputedTokenCount} tokens";

    private int[] InTreeOrder(PrefixForest forest)
    {
        var prompts = new int[_offsets[^1]];
        var next = _offsets.AsSpan(..^1).ToArray();
        for (var node = 0; node < forest.NodeCount; node++)
            foreach (var prompt in forest.PromptsOf(node))
                if (_passOfPrompt[prompt] is not NoPass and var pass)
                    prompts[next[pass]++] = prompt;
        return prompts;
    }

    /// <summary>Walks up from each prompt until a node that the pass has already.</summary>
    private void Count(PrefixForest forest)
    {
        var lastPass = new int[forest.NodeCount];
        for (var pass = 0; pass < _tokens.Length; pass++)
        {
            foreach (var prompt in PromptsOf(pass))
            {
                var node = forest.NodeOfPrompt[prompt];
                for (; node >= 0 && lastPass[node] != pass + 1; node = forest.Parents[node])
                {
                    lastPass[node] = pass + 1;
                    _tokens[pass] += forest.EndOf(node) - forest.StartOf(node);
                }
            }
            if (_tokens[pass] > Problem.Budget)
                throw new ArgumentException($"Pass {pass} has {_tokens[pass]} tokens, above the budget {Problem.Budget}.", "passOfPrompt");
            ComputedTokenCount += _tokens[pass];
        }
    }
}
