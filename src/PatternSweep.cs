namespace PackingKit;

/// <summary>From placements to patterns: a sweep over the bins, stopping wherever a placement begins or ends.</summary>
internal static class PatternSweep
{
    public static ValueList<PackingPattern> Patterns(ReadOnlySpan<Placement> placements)
    {
        var edges = new List<(long Bin, int Placement, bool Opens)>(2 * placements.Length);
        for (var i = 0; i < placements.Length; i++)
        {
            edges.Add((placements[i].FirstBin, i, true));
            edges.Add((placements[i].FirstBin + placements[i].BinCount, i, false));
        }
        edges.Sort((a, b) => a.Bin.CompareTo(b.Bin));

        // Placements are in decreasing size, so the open ones by index are the pattern in decreasing size.
        var open = new SortedSet<int>();
        List<PackingPattern> patterns = [];
        for (int i = 0, next; i < edges.Count; i = next)
        {
            for (next = i; next < edges.Count && edges[next].Bin == edges[i].Bin; next++)
            {
                if (edges[next].Opens)
                    open.Add(edges[next].Placement);
                else
                    open.Remove(edges[next].Placement);
            }
            if (open.Count > 0)
                patterns.Add(new PackingPattern(Items(placements, open), edges[next].Bin - edges[i].Bin));
        }
        return patterns.ToValueList();
    }

    private static ValueList<SizeCount> Items(ReadOnlySpan<Placement> placements, SortedSet<int> open)
    {
        var items = new List<SizeCount>(open.Count);
        foreach (var index in open)
        {
            var (size, copies) = (placements[index].Size, placements[index].CopiesPerBin);
            if (items.Count > 0 && items[^1].Size == size)
                items[^1] = new(size, items[^1].Count + copies);
            else
                items.Add(new(size, copies));
        }
        return items.ToValueList();
    }
}
