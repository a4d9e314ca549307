using Xunit;

namespace PackingKit.Testing;

/// <summary>Bad input must be refused by an exception that names the argument and, where a message is given, says just that.</summary>
public static class Refused
{
    public static void Null<T>(string argument, Func<T> act) => Check<ArgumentNullException, T>(argument, act, "");

    public static void OutOfRange<T>(string argument, Func<T> act, string message = "") =>
        Check<ArgumentOutOfRangeException, T>(argument, act, message);

    public static void Wrong<T>(string argument, Func<T> act, string message = "") => Check<ArgumentException, T>(argument, act, message);

    public static void Wrong(string argument, Action act, string message = "") => Wrong(
        argument,
        () =>
        {
            act();
            return true;
        },
        message);

    private static void Check<TException, T>(string argument, Func<T> act, string message)
        where TException : ArgumentException
    {
        var exception = Assert.Throws<TException>(() => { act(); });
        Assert.Equal(argument, exception.ParamName);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
