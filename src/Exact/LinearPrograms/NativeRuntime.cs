using System.Runtime.InteropServices;
using Google.OrTools.LinearSolver;

namespace PackingKit;

/// <summary>Finds the solver libraries that lie beside OR-Tools' own native library.</summary>
internal static class NativeRuntime
{
    /// <summary>Loads the first of some libraries that is there.</summary>
    public static bool TryLoad(out nint library, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, typeof(Solver).Assembly, DllImportSearchPath.AssemblyDirectory, out library))
                return true;
        library = 0;
        return false;
    }
}
