using System.Numerics;

namespace PackingKit.Tests;

/// <summary>The span overloads of the catalogue by id.</summary>
internal static class SpanOverload
{
    public static readonly string[] Ids = [.. PackingStrategies.All.Where(info => info.Spans is not null).Select(info => info.Id)];

    public static int Assign<T>(string id, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> => PackingStrategies.Find(id).Spans!.Assign(sizes, limits, binOfItem);

    public static int Rows<T>(string id, ReadOnlySpan<T> sizes, BinLimits limits, Span<int> offsets, Span<int> items)
        where T : struct, IBinaryInteger<T> => PackingStrategies.Find(id).Spans!.AssignRows(sizes, limits, offsets, items);
}
