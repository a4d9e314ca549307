using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace PackingKit.Tests.Training;

/// <summary>Python, for readers that are written in it; tests skip where it is absent.</summary>
internal static class Python
{
    public static Process Start(string script, params string[] args)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["-c", script, .. args])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no Python here.");
            throw;
        }
    }
}
