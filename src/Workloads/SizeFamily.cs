namespace PackingKit;

/// <summary>The distributions that sizes are fitted with; <see cref="RandomSizes"/> draws from each.</summary>
public enum SizeFamily
{
    /// <summary>The logarithm is normal: <see cref="RandomSizes.LogNormal"/>.</summary>
    LogNormal,

    /// <summary>The family of waiting times: <see cref="RandomSizes.Weibull"/>.</summary>
    Weibull,

    /// <summary>All from the smallest to the largest alike: <see cref="RandomSizes.Uniform"/>.</summary>
    Uniform,
}
