using System.Diagnostics;
using PackingKit.Samples.Prefill.Modes;
using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill;

/// <summary>
/// Floating-point operations per second that a device reaches in products of large square matrices: the ceiling for a model.
/// </summary>
/// <param name="Burst">In a burst of ten products.</param>
/// <param name="KeptUp">Over a second and more, when the device has warmed up.</param>
internal sealed record MatrixRate(double Burst, double KeptUp)
{
    public static MatrixRate Measure(Device device, ScalarType dtype)
    {
        var (size, seconds) = device.type == DeviceType.CUDA ? (8192, 2.0) : (1024, 0.5);
        using var scope = NewDisposeScope();
        var (left, right) = (randn([size, size], dtype, device), randn([size, size], dtype, device));
        Time(3);
        var burst = 10 / Time(10);
        var (count, total) = (0, 0.0);
        while (total < seconds)
            (count, total) = (count + 10, total + Time(10));
        var operations = 2.0 * size * size * size;
        return new MatrixRate(operations * burst, operations * count / total);

        double Time(int products)
        {
            Clock.Wait(device);
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < products; i++)
                left.mm(right).Dispose();
            Clock.Wait(device);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
