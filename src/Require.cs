namespace PackingKit;

/// <summary>Checks of options: each hands on the value that it has checked, and names the property otherwise.</summary>
internal static class Require
{
    public static T AtLeast<T>(T value, T min, [CallerMemberName] string property = "")
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, min, property);
        return value;
    }

    /// <summary>The same for an option that may be left out.</summary>
    public static T? AtLeast<T>(T? value, T min, [CallerMemberName] string property = "")
        where T : struct, IComparable<T> => value is { } given ? AtLeast(given, min, property) : null;
}
