namespace PackingKit;

/// <summary>A plan over bins of several kinds. Every item is in one bin, and no kind is used more often than there is of it.</summary>
/// <param name="Patterns">How the bins are filled.</param>
/// <param name="Cost">What the bins cost in all.</param>
public sealed record CuttingPlan(ValueList<CutPattern> Patterns, long Cost)
{
    /// <summary>Number of bins.</summary>
    public long BinCount => Patterns.Sum(cut => cut.Pattern.Multiplicity);

    /// <summary>Hands items out to the bins: the items of one size take their places in the order given. O(items).</summary>
    /// <typeparam name="T">The item: a name, an order, a file.</typeparam>
    /// <param name="items">The items that were planned for, in any order.</param>
    /// <param name="size">The size of an item.</param>
    /// <returns>One entry for each bin, with its items in decreasing size.</returns>
    /// <exception cref="ArgumentException">The items are not those that were planned for; the message names a size.</exception>
    public IReadOnlyList<CutBin<T>> Deal<T>(IEnumerable<T> items, Func<T, long> size)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(size);
        var waiting = items.GroupBy(size).ToDictionary(alike => alike.Key, alike => new Queue<T>(alike));
        var planned = Patterns
            .SelectMany(cut => cut.Pattern.Items, (cut, item) => (item.Size, Count: item.Count * cut.Pattern.Multiplicity))
            .GroupBy(item => item.Size).ToDictionary(alike => alike.Key, alike => alike.Sum(item => item.Count));
        foreach (var each in planned.Keys.Union(waiting.Keys))
            if ((planned.GetValueOrDefault(each), waiting.GetValueOrDefault(each)?.Count ?? 0) is var (wanted, given) && wanted != given)
                throw new ArgumentException(
                    $"There {(given == 1 ? "is" : "are")} {Plural.Of(given, "item")} of size {each}; the plan has {wanted}.",
                    nameof(items));
        List<CutBin<T>> bins = [];
        foreach (var cut in Patterns)
            for (var bin = 0L; bin < cut.Pattern.Multiplicity; bin++)
                bins.Add(new CutBin<T>(cut.Bin, [.. cut.Pattern.Items.SelectMany(item => Take(item.Size, item.Count))], cut.Remnant));
        return bins;

        IEnumerable<T> Take(long itemSize, long count)
        {
            for (; count > 0; count--)
                yield return waiting[itemSize].Dequeue();
        }
    }

    /// <summary>"73 bins at cost 73".</summary>
    public override string ToString() => $"{Plural.Of(BinCount, "bin")} at cost {Cost}";
}

/// <summary>A pattern for one kind of bin.</summary>
/// <param name="Bin">Index of the kind of bin.</param>
/// <param name="Pattern">What each of the bins holds, in decreasing size, and how many there are.</param>
/// <param name="Remnant">What is left of each in one piece, behind the cut of its last item and before the trim at the end.</param>
/// <param name="KeptRemnant">The remnant where it is worth keeping by <see cref="CuttingRules.MinRemnant"/>, else 0.</param>
public sealed record CutPattern(int Bin, PackingPattern Pattern, long Remnant, long KeptRemnant);

/// <summary>One bin with the caller's items.</summary>
/// <typeparam name="T">The item.</typeparam>
/// <param name="Kind">Index of the kind of bin.</param>
/// <param name="Items">The items in decreasing size.</param>
/// <param name="Remnant">What is left of it in one piece.</param>
public sealed record CutBin<T>(int Kind, ValueList<T> Items, long Remnant);
