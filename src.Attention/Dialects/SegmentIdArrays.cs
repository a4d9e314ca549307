namespace PackingKit.Attention;

/// <summary>
/// Packed examples as T5 and seqio, and after them MaxText, have them: <c>segment_ids</c> from 1 in each row with 0 for padding, and
/// <c>positions</c> that restart.
/// </summary>
/// <param name="Rows">Rows.</param>
/// <param name="Width">Slots of a row.</param>
/// <param name="SegmentIds">int32 [rows, width], row by row.</param>
/// <param name="Positions">int32 [rows, width], row by row; 0 in padding.</param>
public sealed record SegmentIdArrays(int Rows, int Width, ValueList<int> SegmentIds, ValueList<int> Positions)
{
    /// <summary>
    /// From any layout that starts from nothing. Which prompt is which is not kept: <see cref="ToLayout"/> numbers them in slot order.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="layout"/> is <see langword="null"/>.</exception>
    /// <exception cref="NotSupportedException">Prompts go on from earlier tokens, or rows have no slots.</exception>
    public static SegmentIdArrays From(PackedLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        DialectChecks.NoPast(layout, "seqio");
        if (layout.RowCount > 0 && layout.RowWidth == 0)
            throw new NotSupportedException("seqio has no place for rows without slots.");
        return new SegmentIdArrays(
            layout.RowCount, layout.RowWidth, ValueList.Create(layout.SegmentIds),
            [.. layout.PositionIds.ToArray().Select(position => (int)position)]);
    }

    /// <summary>
    /// Back to a layout, prompts numbered in slot order. Padding may be wherever no prompt is.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An array is missing, the arrays are not of that size, rows have no slots, a segment is not where its number says, or positions do
    /// not count; the message names the slot.
    /// </exception>
    public PackedLayout ToLayout()
    {
        ArgumentNullException.ThrowIfNull(SegmentIds);
        ArgumentNullException.ThrowIfNull(Positions);
        if (Rows < 0 || Width < 0 || (Width == 0 && Rows > 0))
            throw new ArgumentException($"There are no {Rows} rows of {Width} slots.");
        if (SegmentIds.Count != (long)Rows * Width || Positions.Count != SegmentIds.Count)
            throw new ArgumentException(
                $"{Rows} rows of {Width} need {(long)Rows * Width} segment IDs and positions, " +
                $"not {SegmentIds.Count} and {Positions.Count}.");
        var (lengths, rowOf, starts) = (new List<int>(), new List<int>(), new List<int>());
        for (var slot = 0; slot < SegmentIds.Count; slot++)
        {
            var (row, id) = (slot / Width, SegmentIds[slot]);
            if (id == 0)
                continue;
            var sameRow = rowOf.Count > 0 && rowOf[^1] == row;
            if (!sameRow || id != SegmentIds[slot - 1])
            {
                if (id != 1 + (sameRow ? SegmentIds[starts[^1]] : 0))
                    throw new ArgumentException($"Slot {slot} starts segment {id} out of turn.");
                lengths.Add(0);
                rowOf.Add(row);
                starts.Add(slot);
            }
            if (Positions[slot] != lengths[^1])
                throw new ArgumentException($"Slot {slot} has position {Positions[slot]} in its segment, not {lengths[^1]}.");
            lengths[^1]++;
        }
        return PackedLayout.FromStarts([.. lengths], [.. starts], Width, Rows);
    }
}
