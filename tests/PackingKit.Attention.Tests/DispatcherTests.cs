using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Operations called by name are recorded: held against TorchSharp's own call on the CPU, which runs the same operation.</summary>
public class DispatcherTests
{
    [Fact]
    public void Results_and_gradients_are_those_of_the_operation_called_by_TorchSharp()
    {
        TorchRuntime.EnsureLoaded();
        Assert.Null(Dispatcher.Obstacle);
        using var scope = NewDisposeScope();
        var inputs = Enumerable.Range(0, 3).Select(_ => randn(1, 2, 5, 8).requires_grad_()).ToArray();
        var others = inputs.Select(input => input.detach().clone().requires_grad_()).ToArray();
        var expected = nn.functional.scaled_dot_product_attention(inputs[0], inputs[1], inputs[2], is_casual: true);
        var actual = Attend(others[0], others[1], others[2], causal: true);
        Assert.True(Tensors.SameBits(expected, actual));
        expected.square().sum().backward();
        actual.square().sum().backward();
        for (var i = 0; i < 3; i++)
            Assert.True(Tensors.SameBits(inputs[i].grad!, others[i].grad!));
    }

    [Fact]
    public void A_refusal_is_an_exception()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var (q, k) = (randn(1, 2, 5, 8), randn(1, 2, 5, 4));
        Assert.Contains(
            "libtorch refused aten::_scaled_dot_product_flash_attention_for_cpu",
            Assert.Throws<InvalidOperationException>(() => Attend(q, k, k, causal: false)).Message, StringComparison.Ordinal);
    }

    /// <summary>There is none on the CPU: that it is refused for that reason shows that the script and its arguments fit.</summary>
    [Fact]
    public void The_script_for_float32_calls_the_operation_by_the_signature_that_this_libtorch_has()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        var (q, starts) = (randn(1, 5, 2, 8), tensor([0, 5]));
        var refusal = Assert.ThrowsAny<Exception>(() => GatheredVarlenAttention.EfficientScript.Value.invoke(
            "attend", q, q, q, starts, starts, 5L, 5L, AotiTorch.EfficientMask(causal: true), 0.5));
        Assert.Contains(
            "'aten::_efficient_attention_forward' with arguments from the 'CPU' backend", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_handle_is_left_behind()
    {
        TorchRuntime.EnsureLoaded();
        using var q = randn(1, 2, 64, 1024).requires_grad_(); // half a MB: 10,000 of them would be seen
        var before = LiveTensors.CountBefore();
        var memory = Environment.WorkingSet;
        for (var i = 0; i < 2000; i++)
        {
            using var scope = NewDisposeScope();
            Attend(q, q, q, causal: true).sum().backward();
            q.grad!.zero_();
        }
        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(Environment.WorkingSet - memory < 400_000_000);
    }

    private static Tensor Attend(Tensor query, Tensor key, Tensor value, bool causal)
    {
        Span<ulong> stack = stackalloc ulong[Dispatcher.StackSize];
        stack.Clear();
        ReadOnlySpan<ulong> arguments =
        [
            Dispatcher.Of(query), Dispatcher.Of(key), Dispatcher.Of(value), Dispatcher.Of(0.0), Dispatcher.Of(causal), Dispatcher.None,
            Dispatcher.Some(Dispatcher.Of(1 / Math.Sqrt(query.shape[^1]))),
        ];
        arguments.CopyTo(stack);
        return Dispatcher.Call("aten::_scaled_dot_product_flash_attention_for_cpu"u8, stack, tensors: 2);
    }
}
