using FsCheck;
using FsCheck.Fluent;
using TorchSharp;

namespace PackingKit.Attention.Tests;

/// <summary>Prompts dealt to rows, with some slots to spare: what the properties of layouts and batches are held against.</summary>
public sealed record LayoutCase(int[] Lengths, int[] Rows, int Residual)
{
    public Packing Packing => Packing.FromAssignment(Rows, Rows.Length == 0 ? 0 : Rows.Max() + 1);

    public PackedLayout Layout
    {
        get
        {
            var longest = PackedLayout.FromPacking(Packing, Lengths).RowWidth;
            return PackedLayout.FromPacking(Packing, Lengths, longest + Residual);
        }
    }

    /// <summary>Token IDs that differ everywhere: prompt * 1000 + position + 1.</summary>
    public int[][] Prompts => [.. Lengths.Select((length, prompt) => Enumerable.Range(prompt * 1000 + 1, length).ToArray())];

    /// <summary>Which prompt and which of its tokens lie in a slot, by walking the packing; <see langword="null"/> in padding.</summary>
    public (int Prompt, int Position)?[] NaiveSlots()
    {
        var layout = Layout;
        var slots = new (int, int)?[layout.SlotCount];
        for (var row = 0; row < Packing.BinCount; row++)
        {
            var slot = row * layout.RowWidth;
            foreach (var prompt in Packing[row].Items)
                for (var position = 0; position < Lengths[prompt]; position++)
                    slots[slot++] = (prompt, position);
        }
        return slots;
    }

    public override string ToString() => $"lengths [{string.Join(' ', Lengths)}], rows [{string.Join(' ', Rows)}], residual {Residual}";
}

/// <summary>Cases with an odd mix of lengths, from no prompt to a dozen; they shrink to fewer and shorter prompts in fewer rows.</summary>
public static class LayoutCases
{
    private static readonly int[] OddLengths = [1, 1, 2, 3, 7, 8, 9, 13];

    public static Arbitrary<LayoutCase> LayoutCase() => Arb.From(Generator, Shrink);

    private static Gen<LayoutCase> Generator =>
        from count in Gen.Choose(0, 12)
        from rows in Gen.Choose(1, 5)
        from lengths in Gen.Elements(OddLengths).ArrayOf(count)
        from rowOf in Gen.Choose(0, rows - 1).ArrayOf(count)
        from residual in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 5)))
        select new LayoutCase(lengths, rowOf, residual);

    private static IEnumerable<LayoutCase> Shrink(LayoutCase it)
    {
        for (var i = 0; i < it.Lengths.Length; i++)
            yield return it with { Lengths = Without(it.Lengths, i), Rows = Without(it.Rows, i) };
        if (it.Residual > 0)
            yield return it with { Residual = 0 };
        for (var i = 0; i < it.Lengths.Length; i++)
        {
            if (it.Lengths[i] > 1)
                yield return it with { Lengths = With(it.Lengths, i, it.Lengths[i] / 2) };
            if (it.Rows[i] > 0)
                yield return it with { Rows = With(it.Rows, i, it.Rows[i] - 1) };
        }
    }

    private static int[] Without(int[] values, int index) => [.. values[..index], .. values[(index + 1)..]];

    private static int[] With(int[] values, int index, int value)
    {
        var copy = (int[])values.Clone();
        copy[index] = value;
        return copy;
    }
}

/// <summary>Short ways to look into tensors.</summary>
internal static class Tensors
{
    public static T[] Values<T>(this torch.Tensor tensor) where T : unmanaged =>
        tensor.numel() == 0 ? [] : tensor.contiguous().data<T>().ToArray();

    /// <summary>Same shape and the same bits, NaN included.</summary>
    public static bool SameBits(torch.Tensor a, torch.Tensor b) =>
        a.shape.SequenceEqual(b.shape) && a.dtype == b.dtype
            && (a.numel() == 0 || a.contiguous().bytes.SequenceEqual(b.contiguous().bytes));
}
