using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace PackingKit.Samples.Training;

/// <summary>Documents in columns of Arrow record batches, which Parquet and Arrow files both give.</summary>
internal sealed class ArrowDocuments(InputSettings settings)
{
    private readonly TextTokenizer? _tokenizer = TextTokenizer.Of(settings);
    private int[] _tokens = new int[256];
    private float[] _weights = new float[256];
    private long _row;

    /// <summary>The columns that are needed.</summary>
    public static IEnumerable<string> Columns(InputSettings settings) =>
        settings.WeightField is { } weights ? [settings.TextField ?? settings.Field, weights] : [settings.TextField ?? settings.Field];

    /// <exception cref="RowException">A row cannot be used.</exception>
    /// <exception cref="FormatException">A column is not there, or of another type.</exception>
    public void Read(RecordBatch batch, IDocumentSink sink)
    {
        var documents = Column(batch, settings.TextField ?? settings.Field);
        var weights = settings.WeightField is { } name ? Column(batch, name) : null;
        for (var row = 0; row < batch.Length; row++, _row++)
        {
            try
            {
                Read(documents, weights, row, sink);
            }
            catch (FormatException bad) when (bad is not RowException)
            {
                throw new RowException($"row {_row}", bad.Message, bad);
            }
        }
    }

    private void Read(IArrowArray documents, IArrowArray? weights, int row, IDocumentSink sink)
    {
        if (documents.IsNull(row))
            throw new FormatException($"'{settings.TextField ?? settings.Field}' is null.");
        if (_tokenizer is not null)
        {
            int[] tokens = [.. _tokenizer.Encode(((StringArray)documents).GetString(row))];
            sink.Add(tokens, WeightsOf(weights, row, tokens.Length));
        }
        else if (documents is ListArray list)
        {
            var (start, length) = (list.ValueOffsets[row], list.GetValueLength(row));
            if (!sink.WantsTokens)
                sink.AddLength(length);
            else
                sink.Add(Tokens(list.Values, start, length), WeightsOf(weights, row, length));
        }
        else
            sink.AddLength(NumberAt(documents, row));
    }

    private ReadOnlySpan<int> Tokens(IArrowArray values, int start, int length)
    {
        if (values is Int32Array { NullCount: 0 } ints)
        {
            var tokens = ints.Values.Slice(start, length);
            return tokens.ContainsAnyInRange(int.MinValue, -1) ? throw new FormatException("A token is negative.") : tokens;
        }
        for (var i = 0; i < length; i++)
        {
            if (i == _tokens.Length) // as they are read: a damaged length may promise any number
                System.Array.Resize(ref _tokens, 2 * i);
            var token = values.IsNull(start + i) ? -1 : NumberAt(values, start + i);
            _tokens[i] = token is >= 0 and <= int.MaxValue ? (int)token
                : throw new FormatException($"Token {i} is {(token == -1 ? "null or negative" : $"{token}")}.");
        }
        return _tokens.AsSpan(0, length);
    }

    private ReadOnlySpan<float> WeightsOf(IArrowArray? column, int row, int tokens)
    {
        if (column is null)
            return [];
        if (column is not ListArray list)
            throw new FormatException($"'{settings.WeightField}' is of type {column.Data.DataType.Name}, not a list.");
        var length = list.IsNull(row) ? 0 : list.GetValueLength(row);
        if (length != tokens)
            throw new FormatException($"'{settings.WeightField}' has {length} weights for {tokens} tokens.");
        if (_weights.Length < length)
            _weights = new float[Math.Max(length, 2 * _weights.Length)];
        for (var (i, at) = (0, list.ValueOffsets[row]); i < length; i++, at++)
        {
            var weight = list.Values switch
            {
                _ when list.Values.IsNull(at) => float.NaN,
                FloatArray floats => floats.Values[at],
                DoubleArray doubles => (float)doubles.Values[at],
                BooleanArray flags => flags.GetValue(at) == true ? 1 : 0,
                var numbers => NumberAt(numbers, at),
            };
            _weights[i] = weight >= 0 && float.IsFinite(weight) ? weight
                : throw new FormatException($"Weight {i} of '{settings.WeightField}' is no number from 0.");
        }
        return _weights.AsSpan(0, length);
    }

    private static long NumberAt(IArrowArray values, int at) => values switch
    {
        Int32Array ints => ints.Values[at],
        Int64Array longs => longs.Values[at],
        UInt32Array unsigned => unsigned.Values[at],
        UInt16Array shorts => shorts.Values[at],
        Int16Array shorts => shorts.Values[at],
        UInt8Array bytes => bytes.Values[at],
        Int8Array bytes => bytes.Values[at],
        UInt64Array longs => checked((long)longs.Values[at]),
        _ => throw new FormatException($"Values are of type {values.Data.DataType.Name}, not whole numbers."),
    };

    private IArrowArray Column(RecordBatch batch, string name)
    {
        var index = batch.Schema.GetFieldIndex(name);
        if (index < 0)
            throw new FormatException(
                $"There is no column '{name}', only {string.Join(", ", batch.Schema.FieldsList.Select(field => field.Name))}.");
        var column = batch.Column(index);
        var isText = column.Data.DataType.TypeId == ArrowTypeId.String;
        return isText == (_tokenizer is not null && name == settings.TextField) ? column
            : throw new FormatException($"Column '{name}' is of type {column.Data.DataType.Name}; "
                + (isText ? "text needs --text and --tokenizer." : "wanted is text."));
    }
}
