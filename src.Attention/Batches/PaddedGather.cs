using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// Takes packed slots to one row per prompt, padded with zeros: one index operation and one fill per tensor, whatever the number of
/// prompts.
/// </summary>
/// <param name="starts">Slot of each prompt's first token, int64 [prompts].</param>
/// <param name="lengths">Tokens of each prompt, int64 [prompts].</param>
/// <param name="longest">The longest of them: columns of the result.</param>
/// <param name="side">Where the padding goes.</param>
/// <param name="table">Slots that starts count through, int64, where a prompt's tokens do not lie side by side.</param>
/// <remarks>Makes its indices on the device, in the dispose scope at hand, which must live as long.</remarks>
internal sealed class PaddedGather(Tensor starts, Tensor lengths, long longest, PaddingSide side, Tensor? table = null)
{
    private readonly long _prompts = starts.shape[0];
    private readonly (Tensor Slots, Tensor Padding) _indices = Indices(starts, lengths, longest, side, table);

    /// <summary>True where a column holds no token, [prompts, longest].</summary>
    public Tensor Padding => _indices.Padding;

    /// <summary>[prompts, longest, ...] from [slots, ...].</summary>
    public Tensor Of(Tensor packed)
    {
        var rest = packed.shape[1..];
        var padding = Padding.view([_prompts, longest, .. Enumerable.Repeat(1L, rest.Length)]);
        return packed.index_select(0, _indices.Slots).view([_prompts, longest, .. rest]).masked_fill_(padding, 0);
    }

    /// <summary>
    /// As <see cref="Of(Tensor)"/> for packed rows [rows, heads, width, dim], which are no list of slots without a copy: [prompts, longest,
    /// heads, dim].
    /// </summary>
    public Tensor OfRows(Tensor rows)
    {
        var row = _indices.Slots.div(rows.shape[2], RoundingMode.floor);
        var column = _indices.Slots.remainder(rows.shape[2]);
        var padding = Padding.view(_prompts, longest, 1, 1);
        return rows.transpose(1, 2).index(row, column).view(_prompts, longest, rows.shape[1], rows.shape[3]).masked_fill_(padding, 0);
    }

    private static (Tensor, Tensor) Indices(
        Tensor starts, Tensor lengths, long longest, PaddingSide side, Tensor? table)
    {
        if (!Enum.IsDefined(side))
            throw new ArgumentOutOfRangeException(nameof(side), side, "Padding is left or right.");
        var columns = arange(longest, ScalarType.Int64, starts.device).unsqueeze(0).expand(starts.shape[0], -1);
        var offsets = side == PaddingSide.Right ? columns : columns.add(lengths.unsqueeze(1)).sub_(longest);
        var padding = offsets.lt(0).logical_or_(offsets.ge(lengths.unsqueeze(1)));
        // Padding reads some slot, slot 0, and is filled over.
        var slots = offsets.add(starts.unsqueeze(1)).masked_fill_(padding, 0).flatten();
        return (table is null ? slots : table.index_select(0, slots), padding);
    }
}
