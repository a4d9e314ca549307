using System.Numerics;

namespace PackingKit.Testing.Tests;

/// <summary>The same with span overloads. They are static, so a fault is a type.</summary>
/// <typeparam name="TFault">Which of the two overloads is wrong.</typeparam>
internal sealed class SpannedOnePerBin<TFault> : IPackingStrategy, ISpanStrategy
{
    private readonly OnePerBin _packer = new();

    public string Id => _packer.Id;

    public PackingResult Pack(
        PackingProblem problem, IProgress<PackingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _packer.Pack(problem, progress, cancellationToken);

    public static int Assign<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOfItem)
        where T : struct, IBinaryInteger<T> => Fill(sizes.Length, binOfItem, isBackwards: typeof(TFault) == typeof(WrongAssign));

    public static int AssignRows<T>(ReadOnlySpan<T> sizes, BinLimits limits, Span<int> binOffsets, Span<int> itemIndices)
        where T : struct, IBinaryInteger<T>
    {
        Fill(sizes.Length + 1, binOffsets, isBackwards: false);
        return Fill(sizes.Length, itemIndices, isBackwards: typeof(TFault) == typeof(WrongAssignRows));
    }

    private static int Fill(int count, Span<int> values, bool isBackwards)
    {
        for (var i = 0; i < count; i++)
            values[i] = isBackwards ? count - 1 - i : i;
        return count;
    }
}

/// <summary>No overload is wrong.</summary>
internal sealed class NoFault;

/// <summary>Assign names the bins backwards.</summary>
internal sealed class WrongAssign;

/// <summary>AssignRows names the items backwards.</summary>
internal sealed class WrongAssignRows;
