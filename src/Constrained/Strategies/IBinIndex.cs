namespace PackingKit;

/// <summary>The order in which bins are asked whether they take a unit.</summary>
internal interface IBinIndex
{
    /// <summary>The bin for the unit that was aimed last, or <see cref="RuledBins.None"/> where it needs a new one.</summary>
    int Find(int unit);

    /// <summary>Follows a bin that is new or was given a unit.</summary>
    void Update(int bin);
}
