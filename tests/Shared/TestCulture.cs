using System.Globalization;
using System.Runtime.CompilerServices;

namespace PackingKit.Tests;

/// <summary>
/// All tests run under the culture that PACKINGKIT_TEST_CULTURE names ("de-DE", "tr-TR"): what the library writes and reads may not depend
/// on it. Where the machine has no such culture, one with a decimal comma takes its place.
/// </summary>
internal static class TestCulture
{
    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable("PACKINGKIT_TEST_CULTURE") is not { Length: > 0 } name)
            return;
        CultureInfo culture;
        try
        {
            culture = CultureInfo.GetCultureInfo(name);
        }
        catch (CultureNotFoundException)
        {
            culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
        }
        CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = culture;
        CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentUICulture = culture;
    }

    /// <summary>Runs what runs without a culture outside tests: the executables.</summary>
    internal static T Invariantly<T>(Func<T> run)
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return run();
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
