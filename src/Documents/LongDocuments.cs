namespace PackingKit;

/// <summary>What becomes of a document that is longer than a pack.</summary>
public enum LongDocuments
{
    /// <summary>
    /// Its first tokens are kept, the others given up. The default, because it is safe for fine-tuning: no piece stands without the prompt
    /// that it answers.
    /// </summary>
    TruncateRight,

    /// <summary>Its last tokens are kept, the others given up.</summary>
    TruncateLeft,

    /// <summary>It is cut into pieces; no token is given up. For pre-training.</summary>
    Split,

    /// <summary>It is left out.</summary>
    Drop,

    /// <summary>Nothing is packed: the first such document is named.</summary>
    Refuse,
}
