using PackingKit.Testing;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PackingKit.Attention.Tests;

/// <summary>Operations with a gradient of one's own: the same as libtorch's where both can be had, and nothing left behind.</summary>
public class CustomGradientTests
{
    private static Tensor Product(Tensor x, Tensor y) => CustomGradient.Apply(
        () => (x.mul(y), [x, y]), (gradient, kept) => [gradient.mul(kept[1]), gradient.mul(kept[0])], x, y);

    [Fact]
    public void Gradients_are_those_of_the_operation_through_whatever_stands_around_it()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(3, 4, ScalarType.Float64), randn(3, 4, ScalarType.Float64));
        var (own, plain) = (Gradients(Product), Gradients((x, y) => x.mul(y)));
        Assert.All(own.Zip(plain), pair => Assert.True(pair.First.allclose(pair.Second, rtol: 1e-12)));

        Tensor[] Gradients(Func<Tensor, Tensor, Tensor> product)
        {
            var (a, b) = (x.detach().clone().requires_grad_(), y.detach().clone().requires_grad_());
            var once = product(a.exp(), b);
            product(once, once.t().t()).t().sum().backward(); // an input twice, and a gradient without strides of its own
            return [a.grad!, b.grad!];
        }
    }

    [Fact]
    public void An_input_without_gradient_gets_none_and_nothing_is_recorded_where_none_is_wanted()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(3), randn(3).requires_grad_());
        var back = 0;
        var result = CustomGradient.Apply(
            () => (x.mul(y), [x]),
            (gradient, kept) =>
            {
                back++;
                return [null, gradient.mul(kept[0])];
            },
            x, y);
        Assert.True(result.requires_grad);
        result.sum().backward();
        Assert.Equal(1, back);
        Assert.True(y.grad!.allclose(x));
        Assert.Null(x.grad);
        using (no_grad())
            Assert.False(Product(x, y).requires_grad);
        Assert.False(Product(x, x).requires_grad);
    }

    [Fact]
    public void A_gradient_that_goes_through_unchanged_may_be_handed_on()
    {
        using var scope = NewDisposeScope();
        var x = randn(3).requires_grad_();
        var result = CustomGradient.Apply(() => (x.clone(), []), (gradient, _) => [gradient], x);
        CustomGradient.Apply(() => (result.mul(2), []), (gradient, _) => [gradient.mul(2)], result).sum().backward();
        Assert.Equal([2f, 2f, 2f], x.grad!.Values<float>());
    }

    [Fact]
    public void Nothing_is_left_behind_over_ten_thousand_steps()
    {
        using var x = randn(8).requires_grad_();
        Step(); // leaves the gradients that it hands out until the next
        LiveTensors.AssertNoneLeft(10_000, Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            Product(Product(x, x), x).sum().backward();
            x.grad!.zero_();
        }
    }

    [Fact]
    public void A_way_back_within_a_way_back_leaves_nothing_behind()
    {
        using var x = randn(8).requires_grad_();
        Step();
        Step();
        LiveTensors.AssertNoneLeft(1000, Step);

        void Step()
        {
            using var scope = NewDisposeScope();
            // Work that is done again on the way back instead of being kept.
            CustomGradient.Apply(() => (x.square(), [x]), (gradient, kept) =>
            {
                using (enable_grad())
                {
                    using var again = kept[0].detach().requires_grad_();
                    Product(again, again).backward([gradient]);
                    return [again.grad!.clone()];
                }
            }, x).sum().backward();
            Assert.True(x.grad!.allclose(x.mul(2)));
            x.grad!.zero_();
        }
    }

    [Fact]
    public void An_operation_that_throws_leaves_its_input_to_be_freed()
    {
        using var scope = NewDisposeScope();
        const long size = 1 << 20;
        var before = Environment.WorkingSet;
        for (var i = 0; i < 300; i++)
        {
            using var x = zeros(size).requires_grad_(); // 4 MB, all of it touched
            Assert.Throws<TimeoutException>(() => CustomGradient.Apply(() => throw new TimeoutException(), (_, _) => [], x));
        }
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 100 * 4 * size);
    }

    [Fact]
    public void Missing_arguments_are_named()
    {
        using var x = zeros(1);
        Refused.Null("forward", () => CustomGradient.Apply(null!, (_, _) => [], x));
        Refused.Null("backward", () => CustomGradient.Apply(() => (x.clone(), []), null!, x));
        Refused.Null("inputs", () => CustomGradient.Apply(() => (x.clone(), []), (_, _) => [], x, null!));
    }
}
