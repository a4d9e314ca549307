using System.Buffers;
using System.Runtime.InteropServices;
using Apache.Arrow;

namespace PackingKit.Samples.Training;

/// <summary>Rows of consecutive packs as one record batch, over rented memory.</summary>
internal sealed class RowGroup : IDisposable
{
    private readonly List<byte[]> _rented = [];

    /// <param name="job">What is packed.</param>
    /// <param name="columns">Of the rows.</param>
    /// <param name="packs">The rows.</param>
    /// <exception cref="BadInputException">A pack cannot be such a row.</exception>
    public RowGroup(PackedJob job, IReadOnlyList<PackColumn> columns, Range packs)
    {
        var (first, rows) = packs.GetOffsetAndLength(job.Index.PackCount);
        var offsets = columns.Select(_ => Rent((rows + 1) * sizeof(int))).ToArray();
        foreach (var starts in offsets)
            starts.AsSpan(0, sizeof(int)).Clear();
        int[] lengths = [];
        for (var row = 0; row < rows; row++)
        {
            var pack = new PackRow(LengthsOf(job, first + row, ref lengths), job.Rows);
            for (var column = 0; column < columns.Count; column++)
            {
                var ends = MemoryMarshal.Cast<byte, int>(offsets[column].AsSpan());
                ends[row + 1] = checked(ends[row] + columns[column].CountOf(pack));
            }
            SlotCount += columns[0].CountOf(pack);
        }
        var elements = columns.Select((column, i) => Rent(checked(EndOf(offsets[i], rows) * column.Width))).ToArray();
        Fill(job, columns, first, rows, offsets, elements);
        Batch = new RecordBatch(
            new Schema(columns.Select(column => column.Field), null),
            columns.Select((column, i) => column.ToArray(
                rows, offsets[i].AsMemory(0, (rows + 1) * sizeof(int)), EndOf(offsets[i], rows),
                elements[i].AsMemory(0, EndOf(offsets[i], rows) * column.Width))),
            rows);
    }

    public RecordBatch Batch { get; }

    /// <summary>Elements of the first column.</summary>
    public long SlotCount { get; }

    public void Dispose()
    {
        foreach (var array in _rented)
            ArrayPool<byte>.Shared.Return(array);
        _rented.Clear();
    }

    private static void Fill(
        PackedJob job, IReadOnlyList<PackColumn> columns, int first, int rows, byte[][] offsets, byte[][] elements)
    {
        int[] lengths = [], tokens = [], documents = [];
        float[] weights = [];
        for (var row = 0; row < rows; row++)
        {
            var own = LengthsOf(job, first + row, ref lengths);
            var pieces = job.Index[first + row];
            var count = 0;
            foreach (var length in own)
                count += length;
            Grow(ref tokens, count);
            Grow(ref documents, pieces.Length);
            if (job.Store!.HasWeights)
                Grow(ref weights, count);
            for (var (i, at) = (0, 0); i < pieces.Length; at += own[i++])
            {
                var piece = job.Index.Pieces[pieces[i]];
                documents[i] = job.Documents.OriginOf(piece.Document);
                piece = piece with { Document = documents[i] };
                job.Store.ReadTokens(piece, tokens.AsSpan(at, own[i]));
                if (job.Store.HasWeights)
                    job.Store.ReadWeights(piece, weights.AsSpan(at, own[i]));
            }
            var pack = new PackRow(own, job.Rows)
            {
                Documents = documents.AsSpan(0, pieces.Length),
                Tokens = tokens.AsSpan(0, count),
                Weights = weights.AsSpan(0, job.Store.HasWeights ? count : 0),
            };
            for (var column = 0; column < columns.Count; column++)
            {
                var ends = MemoryMarshal.Cast<byte, int>(offsets[column].AsSpan());
                var width = columns[column].Width;
                columns[column].Write(pack, elements[column].AsSpan((ends[row] * width)..(ends[row + 1] * width)));
            }
        }
    }

    private static ReadOnlySpan<int> LengthsOf(PackedJob job, int pack, ref int[] lengths)
    {
        var pieces = job.Index[pack];
        Grow(ref lengths, pieces.Length);
        for (var i = 0; i < pieces.Length; i++)
            lengths[i] = job.Index.Pieces[pieces[i]].Length;
        return lengths.AsSpan(0, pieces.Length);
    }

    private static void Grow<T>(ref T[] array, int length)
    {
        if (array.Length < length)
            array = new T[Math.Max(length, 2 * array.Length)];
    }

    private static int EndOf(byte[] offsets, int rows) => MemoryMarshal.Cast<byte, int>(offsets.AsSpan())[rows];

    private byte[] Rent(int bytes)
    {
        var array = ArrayPool<byte>.Shared.Rent(bytes);
        _rented.Add(array);
        return array;
    }
}
