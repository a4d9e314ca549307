using System.Globalization;

namespace PackingKit.Cli;

/// <summary>Where values lie along one side of a chart, from 0 to 1, and which of them are written beside it.</summary>
internal sealed class Axis
{
    private const int MostIntervals = 5;

    private readonly Func<double, double> _scale;
    private readonly double _from, _to;

    private Axis(string title, double from, double to, Func<double, double> scale, IEnumerable<double> ticks, Func<double, string> label)
    {
        (Title, _scale, _from, _to) = (title, scale, scale(from), scale(to));
        Ticks = [.. ticks.Select(value => (value, label(value)))];
    }

    /// <summary>What is measured, with its unit.</summary>
    public string Title { get; }

    /// <summary>Values with their words.</summary>
    public IReadOnlyList<(double Value, string Label)> Ticks { get; }

    public double At(double value) => (_scale(value) - _from) / (_to - _from);

    /// <summary>Equal steps of 1, 2 or 5 times a power of ten that take in all from the least value to the greatest.</summary>
    public static Axis Linear(string title, double min, double max, Func<double, string> label, bool isWhole = false)
    {
        var step = StepOf(max > min ? max - min : 1);
        if (isWhole)
            step = Math.Max(step, 1);
        var (first, last) = ((long)Math.Floor(min / step), (long)Math.Ceiling(max / step));
        if (last == first)
            last++;
        return new(title, first * step, last * step, value => value,
            Enumerable.Range(0, (int)(last - first) + 1).Select(tick => (first + tick) * step), label);
    }

    /// <summary>From one value to another that both stay at the ends, such as 0 and a capacity.</summary>
    public static Axis Between(string title, double min, double max, Func<double, string> label)
    {
        var step = StepOf(max - min);
        return new(title, min, max, value => value,
            Enumerable.Range(0, MostIntervals + 1).Select(tick => (Math.Ceiling(min / step) + tick) * step).Where(tick => tick <= max),
            label);
    }

    /// <summary>Equal steps for equal factors; values above 0.</summary>
    public static Axis Logarithmic(string title, double min, double max, Func<double, string> label)
    {
        const double room = 1.6; // on both sides, for what is written at the outermost points
        var (from, to) = (min / room, max * room);
        var decades = Enumerable.Range((int)Math.Floor(Math.Log10(from)), (int)Math.Ceiling(Math.Log10(to / from)) + 2)
            .Select(power => Math.Pow(10, power)).ToArray();
        double[] factors = decades.Count(IsInside) >= 2 ? [1] : [1, 2, 5];
        var ticks = decades.SelectMany(decade => factors.Select(factor => factor * decade)).Where(IsInside);
        return new(title, from, to, Math.Log10, ticks, label);

        bool IsInside(double value) => value >= from && value <= to;
    }

    /// <summary>Whole numbers from 0 on, of which the small ones get more room: as the logarithm of one more.</summary>
    public static Axis Counts(string title, long max, Func<double, string> label)
    {
        var to = Math.Max(max, 1) * 2.0; // room for names at the highest
        var powers = Enumerable.Range(0, 19).Select(power => Math.Pow(10, power)).TakeWhile(power => power <= to).ToArray();
        var ticks = powers.Length <= 3 ? powers.SelectMany(power => new[] { power, 3 * power }) : powers;
        return new(title, 0, to, value => Math.Log10(1 + value), ticks.Prepend(0).Where(tick => tick <= to), label);
    }

    /// <summary>Names side by side; the first stands at 0, the next at 1, and half a place is left on both sides.</summary>
    public static Axis Named(string title, IReadOnlyList<string> names) => new(
        title, -0.5, names.Count - 0.5, value => value, Enumerable.Range(0, names.Count).Select(index => (double)index),
        value => names[(int)value]);

    /// <summary>Numbers as they are, in every culture alike.</summary>
    public static string Number(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    public static string Percent(double value) => value.ToString("0.## %", CultureInfo.InvariantCulture);

    private static double StepOf(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / MostIntervals)));
        return power * (range / MostIntervals / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
    }
}
