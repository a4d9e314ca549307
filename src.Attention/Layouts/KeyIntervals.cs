using System.Diagnostics;

namespace PackingKit.Attention;

/// <summary>Which of its prompt's keys each query sees, by position: always one interval of them.</summary>
internal sealed class KeyIntervals
{
    private readonly (int Start, int End)[][] _spans;
    private readonly int[] _keys;

    /// <param name="layout">The queries.</param>
    /// <param name="keys">Their keys.</param>
    /// <param name="visibility">Who sees whom.</param>
    /// <param name="window">Tokens that a token sees on either side, itself included.</param>
    /// <exception cref="ArgumentException">There are spans for another number of prompts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A span does not lie in its prompt.</exception>
    /// <exception cref="NotSupportedException">A token would see one that is not there yet, or of which there are several.</exception>
    public KeyIntervals(PackedLayout layout, KeyLayout keys, Visibility visibility, int? window)
    {
        visibility.RequirePrompts(layout.PromptCount);
        (_keys, Visibility, Window) = (keys.Lengths, visibility, window);
        _spans = new (int, int)[visibility.HasSpans ? layout.PromptCount : 0][];
        for (var prompt = 0; prompt < layout.PromptCount; prompt++)
        {
            var past = keys.Lengths[prompt] - layout.Lengths[prompt];
            if (visibility.IsBidirectional && layout.IsForest)
                throw new NotSupportedException(
                    "The layout is a forest: what several prompts begin with is computed once and cannot see what comes after it in each." +
                    " Attention over it is causal; for bidirectional attention lay the prompts out whole, without shared beginnings.");
            if (visibility.IsBidirectional && past > 0)
                throw new NotSupportedException(
                    $"Prompt {prompt} goes on from earlier tokens, which cannot see it any more: attention to them is causal.");
            if (!visibility.HasSpans)
                continue;
            _spans[prompt] = visibility.SpansOf(prompt, keys.Lengths[prompt]);
            foreach (var (start, end) in _spans[prompt])
                if (layout.IsForest && start < past && start < end)
                    throw new NotSupportedException(
                        $"The span {start}..{end} of node {prompt} begins in the {past} tokens before it, which other prompts share: " +
                        "a span lies in one node and is given to that, counted from the first token of its prompts.");
                else if (start < past && past < end)
                    throw new NotSupportedException(
                        $"The span {start}..{end} of prompt {prompt} goes on from its {past} earlier tokens, which cannot see it now.");
        }
    }

    public Visibility Visibility { get; }

    public int? Window { get; }

    /// <summary>Whether every query sees its keys up to itself, or up to itself within the window.</summary>
    public bool AreCausal => !Visibility.IsBidirectional && !Visibility.HasSpans;

    /// <summary>First and last position of the keys that a query sees.</summary>
    /// <param name="prompt">Whose query.</param>
    /// <param name="position">Its position among the prompt's keys.</param>
    public (int First, int Last) Of(int prompt, int position)
    {
        Debug.Assert(position < _keys[prompt], "A query has a key of its own.");
        var first = Window is { } before ? Math.Max(0, position - before + 1) : 0;
        var last = !Visibility.IsBidirectional ? position
            : Window is { } after ? (int)Math.Min(_keys[prompt] - 1L, position + after - 1L) : _keys[prompt] - 1;
        if (Visibility.HasSpans)
            foreach (var (start, end) in _spans[prompt])
                if (start <= position && position < end)
                    (first, last) = (Math.Min(first, start), Math.Max(last, end - 1));
        return (first, last);
    }

    /// <summary>
    /// A prompt's queries in runs of which each sees the same keys (those of a span), or each its keys up to itself. Without a window.
    /// </summary>
    /// <param name="prompt">Whose queries.</param>
    /// <param name="past">Position of the first.</param>
    public IEnumerable<(int Start, int End, bool IsCausal)> Runs(int prompt, int past)
    {
        if (Visibility.IsBidirectional)
        {
            yield return (past, _keys[prompt], false);
            yield break;
        }
        var done = past;
        foreach (var (start, end) in Visibility.HasSpans ? _spans[prompt] : [])
        {
            if (end <= done || start == end)
                continue;
            if (done < start)
                yield return (done, start, true);
            yield return (start, end, false);
            done = end;
        }
        if (done < _keys[prompt])
            yield return (done, _keys[prompt], true);
    }
}
