using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>Whether two tensors share an element: views of one fused tensor lie in one range, but interleave.</summary>
internal static unsafe class MemoryOverlap
{
    /// <summary>
    /// Whether two tensors of one type are known to share an element. Exact where both are contiguous or have the same strides, as views of
    /// one tensor have; views of other strides count only where they begin at one element.
    /// </summary>
    public static bool Shows(Tensor a, Tensor b)
    {
        var (shapeA, shapeB, stridesA, stridesB) = (a.shape, b.shape, a.stride(), b.stride());
        var (endA, endB) = (End(shapeA, stridesA), End(shapeB, stridesB));
        if (endA == 0 || endB == 0)
            return false;
        var (startA, startB) = ((nint)AotiTorch.DataPointer(a), (nint)AotiTorch.DataPointer(b));
        var (bytes, size) = (startB - startA, (long)a.ElementSize);
        if (startA == 0 || startB == 0 || bytes >= endA * size || -bytes >= endB * size)
            return false;
        if (bytes == 0 || (a.is_contiguous() && b.is_contiguous()))
            return true;
        if (bytes % size != 0 || shapeA.Length != shapeB.Length)
            return false;
        var steps = new Step[shapeA.Length];
        for (var i = 0; i < steps.Length; i++)
        {
            if (shapeA[i] > 1 && shapeB[i] > 1 && stridesA[i] != stridesB[i])
                return false;
            steps[i] = new Step(shapeA[i] > 1 ? stridesA[i] : stridesB[i], 1 - shapeB[i], shapeA[i] - 1);
        }
        Array.Sort(steps, static (x, y) => y.Stride.CompareTo(x.Stride));
        return Reaches(bytes / size, steps);
    }

    /// <summary>Elements from the first to behind the last; 0 where there are none.</summary>
    private static long End(long[] shape, long[] strides)
    {
        long end = 1;
        for (var i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0)
                return 0;
            end += (shape[i] - 1) * strides[i];
        }
        return end;
    }

    /// <summary>
    /// Whether some number of each step adds up to a distance. Steps come with the longest first, so that what the others can make up for
    /// leaves few numbers of each to try.
    /// </summary>
    private static bool Reaches(long distance, ReadOnlySpan<Step> steps)
    {
        if (steps.IsEmpty)
            return distance == 0;
        var step = steps[0];
        var others = steps[1..];
        if (step.Stride == 0)
            return distance == 0;
        var (lowest, highest) = (0L, 0L); // of the others
        foreach (var other in others)
            (lowest, highest) = (lowest + other.Least * other.Stride, highest + other.Most * other.Stride);
        var most = Math.Min(step.Most, (long)Math.Floor((double)(distance - lowest) / step.Stride));
        for (var count = Math.Max(step.Least, (long)Math.Ceiling((double)(distance - highest) / step.Stride)); count <= most; count++)
            if (Reaches(distance - count * step.Stride, others))
                return true;
        return false;
    }

    /// <summary>A stride, and how often it can lie between an element of one tensor and one of the other.</summary>
    private readonly record struct Step(long Stride, long Least, long Most);
}
