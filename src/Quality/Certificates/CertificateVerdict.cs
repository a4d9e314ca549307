namespace PackingKit;

/// <summary>What a check of a certificate found.</summary>
/// <param name="Status">Whether the claims hold.</param>
/// <param name="Bins">Number of bins, counted again; <see langword="null"/> where the packing does not hold.</param>
/// <param name="LowerBound">The best bound that the check itself established.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record CertificateVerdict(CertificateStatus Status, long? Bins, long LowerBound, string Reason)
{
    /// <summary>The packing is proved optimal by the check alone.</summary>
    public bool IsOptimal => Bins == LowerBound;
}

/// <summary>Whether the claims of a certificate hold.</summary>
public enum CertificateStatus
{
    /// <summary>A claim is false.</summary>
    Refused,

    /// <summary>The packing holds; the claimed bound may be true or not.</summary>
    BoundNotCertified,

    /// <summary>The packing and the bound hold.</summary>
    Verified,
}
