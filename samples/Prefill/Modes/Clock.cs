using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Samples.Prefill.Modes;

/// <summary>Time on a device is only known once it has finished.</summary>
internal static class Clock
{
    public static void Wait(Device device)
    {
        if (device.type == DeviceType.CUDA)
            cuda.synchronize();
    }

    public static double Median(IEnumerable<TimeSpan> times)
    {
        var sorted = times.Select(time => time.TotalMilliseconds).Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
