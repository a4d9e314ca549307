namespace PackingKit.Samples.Training;

/// <summary>What packs are written as; one class a trainer.</summary>
internal abstract class OutputTarget
{
    /// <summary>As <c>--to</c> names it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether tokens are written; else lengths will do.</summary>
    public abstract bool WritesTokens { get; }

    /// <summary>See <see cref="PieceRules.Lookahead"/>.</summary>
    public virtual int Lookahead => 0;

    /// <summary>Whether weights other than 0 and 1 go into what is written.</summary>
    public virtual bool TakesWeights(PackSettings settings) => false;

    /// <summary>What is wrong with settings for this target; <see langword="null"/> where nothing is.</summary>
    public virtual string? Refusal(PackSettings settings) => null;

    /// <summary>Writes the files.</summary>
    public abstract IReadOnlyList<PackedFile> Write(PackedJob job, JobFolder folder, Action<double> report);

    /// <summary>Counts again what a file has, by the reader of its format.</summary>
    /// <returns>Packs and slots; <see langword="null"/> of a file that has no rows.</returns>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public virtual (int Packs, long Slots)? Recount(string path) => null;
}
