using System.Text.Json.Serialization;

namespace PackingKit.Samples.Training;

/// <summary>What to pack, how, and what comes out: all that decides the result.</summary>
internal sealed record PackSettings
{
    /// <summary>Files, patterns and folders, as they were named.</summary>
    public required ValueList<string> Inputs { get; init; }

    public InputSettings Input { get; init; } = new();

    public int Capacity { get; init; } = 2048;

    public string Strategy { get; init; } = "bfd";

    /// <summary>Seconds for strategies that search.</summary>
    public double? TimeLimit { get; init; }

    public LongDocuments Long { get; init; }

    /// <summary>Documents one after the other, cut wherever a pack is full; no strategy.</summary>
    public bool Stream { get; init; }

    public int? Overlap { get; init; }

    public int MinFragment { get; init; } = 1;

    public int Align { get; init; } = 1;

    public int PackAlign { get; init; } = 1;

    public int? MaxDocuments { get; init; }

    /// <summary>No pack has documents of two files.</summary>
    public bool ByFile { get; init; }

    /// <summary>Documents that are looked at together.</summary>
    public int? Window { get; init; }

    /// <summary>Documents that wait while packs are filled one at a time.</summary>
    public int? Pool { get; init; }

    /// <summary>How often each input is taken, in the order of <see cref="Inputs"/>; empty: once.</summary>
    public ValueList<double> Weights { get; init; } = [];

    public int Ranks { get; init; } = 1;

    public bool AllowEmpty { get; init; }

    public long? Shuffle { get; init; }

    public int Epoch { get; init; }

    /// <summary>Tokens put before and after each document.</summary>
    public int? Bos { get; init; }

    public int? Eos { get; init; }

    /// <summary>The token of padding; by default <see cref="Eos"/>, else 0.</summary>
    public int? Padding { get; init; }

    public string To { get; init; } = "index";

    /// <summary>Columns of rows; empty: what the trainer reads.</summary>
    public ValueList<string> Columns { get; init; } = [];

    public LossWeighting LossWeights { get; init; }

    /// <summary>Entries of the columns of cu_seqlens, the last one repeated; by default one more than there are documents.</summary>
    public int? CuCount { get; init; }

    public int RowGroup { get; init; } = 1000;

    /// <summary>Packs of a file.</summary>
    public int PacksPerFile { get; init; } = 32_000;

    /// <summary>Joins names that OLMo-core looks for.</summary>
    public string? Id { get; init; }

    /// <summary>Tokens that <see cref="Bos"/> and <see cref="Eos"/> add to each document that has any.</summary>
    [JsonIgnore]
    public int Frame => (Bos is null ? 0 : 1) + (Eos is null ? 0 : 1);

    /// <summary>What slots without a token hold.</summary>
    public int PaddingToken => Padding ?? Eos ?? 0;
}

/// <summary>What a label counts in the loss.</summary>
internal enum LossWeighting
{
    /// <summary>What the caller's column says; 1 without one.</summary>
    Token,

    /// <summary>Each document's sum to 1.</summary>
    Document,

    /// <summary>Each document's sum to packs / documents, as LongAlign has it.</summary>
    LongAlign,
}
