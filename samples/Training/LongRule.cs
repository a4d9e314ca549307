namespace PackingKit.Samples.Training;

/// <summary>What becomes of a document that is longer than a pack.</summary>
internal enum LongRule
{
    /// <summary>It is cut into pieces of a whole pack each and a rest; no token is lost.</summary>
    Split,

    /// <summary>Its first tokens fill one pack; the others are lost.</summary>
    Truncate,

    /// <summary>It is left out.</summary>
    Drop,

    /// <summary>Nothing is packed.</summary>
    Refuse,
}
