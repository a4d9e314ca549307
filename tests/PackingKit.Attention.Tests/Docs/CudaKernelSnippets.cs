#region Attention: kernel
using PackingKit.Attention;
using TorchSharp;
using static TorchSharp.torch;

internal static class KernelOfOnesOwn
{
    public static void Main()
    {
        TorchRuntime.EnsureLoaded();
        using var x = ones(1000, device: CUDA);
        // CUDA C for an element type T; load and store convert from and to float32, constants are macros.
        var scale = CudaKernel.Compile(x.device, x.dtype, """
            extern "C" __global__ void scale(T* x, long long count, float factor)
            {
                long long i = blockIdx.x * (long long)THREADS + threadIdx.x;
                if (i < count) x[i] = store(load(x[i]) * factor);
            }
            """, "scale", ("THREADS", 256));
        scale.Launch((x.numel() + 255) / 256, 256, x, x.numel(), 0.5f); // on libtorch's current stream, not waited for
        Console.WriteLine(x.sum().item<float>());

        using var weight = ones(1000, device: CUDA).requires_grad_();
        using var halved = CustomGradient.Apply(
            () => (Halved(weight), []),               // the result, and what the way back needs: nothing here
            (gradient, _) => [Halved(gradient)],      // a gradient for each input
            weight);
        halved.sum().backward();
        Console.WriteLine(weight.grad!.sum().item<float>());

        Tensor Halved(Tensor tensor)
        {
            var result = tensor.clone();
            scale.Launch((result.numel() + 255) / 256, 256, result, result.numel(), 0.5f);
            return result;
        }
    }
}
#endregion
