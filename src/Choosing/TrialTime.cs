using MathNet.Numerics.Statistics;

namespace PackingKit;

/// <summary>Times of one thing that was done several times, in milliseconds.</summary>
/// <param name="Median">Half of them are at most this.</param>
/// <param name="LowerQuartile">A quarter of them are at most this.</param>
/// <param name="UpperQuartile">Three quarters of them are at most this.</param>
/// <param name="Runs">How many there are.</param>
public readonly record struct TrialTime(double Median, double LowerQuartile, double UpperQuartile, int Runs)
{
    internal static TrialTime Of(IReadOnlyCollection<double> milliseconds) =>
        new(milliseconds.Median(), milliseconds.LowerQuartile(), milliseconds.UpperQuartile(), milliseconds.Count);
}
