namespace PackingKit;

/// <summary>
/// What became of the inputs of one request to a generator of <see cref="EmbeddingExtensions.UsePacking"/>; <c>AdditionalProperties</c> of
/// its answer holds it under <see cref="Key"/>.
/// </summary>
/// <param name="Inputs">Number of inputs.</param>
/// <param name="Tokens">Their tokens, as counted here; what the service counted is in <c>Usage</c>.</param>
/// <param name="Calls">Number of calls.</param>
/// <param name="CallsLowerBound">No division of the inputs has fewer calls than this.</param>
public sealed record EmbeddingCallStatistics(int Inputs, long Tokens, int Calls, long CallsLowerBound)
{
    /// <summary>Where the statistics lie among the additional properties.</summary>
    public const string Key = "packingkit.calls";
}
