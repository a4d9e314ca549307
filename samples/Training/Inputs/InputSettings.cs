namespace PackingKit.Samples.Training;

/// <summary>Where a file has its documents.</summary>
internal sealed record InputSettings
{
    /// <summary>The property or column with a document's tokens, or with their number.</summary>
    public string Field { get; init; } = "input_ids";

    /// <summary>The property or column with a document's text, which <see cref="Tokenizer"/> makes tokens of.</summary>
    public string? TextField { get; init; }

    /// <summary>Name of an encoding, or path of a tokenizer's files.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The property or column with the weight of each token in the loss; 0 and 1, or false and true, are a mask.</summary>
    public string? WeightField { get; init; }

    /// <summary>The column of lengths of CSV.</summary>
    public string? Column { get; init; }

    /// <summary>The token that ends each document of a raw array, and belongs to it.</summary>
    public int? EndOfDocument { get; init; }

    /// <summary>A file of start,end pairs of a raw array: .npy of two columns, or CSV.</summary>
    public string? Ranges { get; init; }

    /// <summary>Type of the tokens of an array without a header.</summary>
    public string TokenType { get; init; } = "uint16";
}
