using TorchSharp;
using static TorchSharp.torch;

namespace PackingKit.Attention;

/// <summary>
/// An operation whose gradient is worked out by code of one's own: what a <see cref="CudaKernel"/> needs to take part in training.
/// </summary>
/// <remarks>
/// <para>It stands on TorchSharp's custom functions, and frees what those leave to the finalizer: gradients handed in, tensors kept, and,
/// when the thread's next gradient is worked out, the gradients handed out before.</para>
/// <para>Gradients of gradients go through what the way back records: TorchSharp's operations do, kernels do not. An exception on the way
/// back would have to cross libtorch, which it cannot: it ends the process, with its message. So whatever can be wrong is to be found on
/// the way there; what is kept must not be changed meanwhile.</para>
/// </remarks>
/// <example><code>
/// Tensor Squared(Tensor x) => CustomGradient.Apply(
///     () => (x.square(), [x]),                                // the result, and what the way back needs
///     (gradient, kept) => [gradient.mul(kept[0]).mul_(2)],    // a gradient for each input
///     x);
/// </code></example>
public static class CustomGradient
{
    /// <summary>Runs an operation. Where no input wants a gradient, that is all.</summary>
    /// <param name="forward">
    /// The operation, which is not recorded: gives the result, a new tensor, and what <paramref name="backward"/> needs. What is kept lives
    /// as long as the graph; inputs may be among it, the result may not.
    /// </param>
    /// <param name="backward">
    /// The way back, on CUDA on a thread of libtorch's: from the gradient of the result, of its shape and type but with any strides, and
    /// what was kept, to a gradient for each input, in order; <see langword="null"/> where an input has none. A gradient is a new tensor or
    /// the one that came in.
    /// </param>
    /// <param name="inputs">The tensors that may want a gradient.</param>
    /// <returns>The result; the caller's.</returns>
    /// <exception cref="ArgumentNullException">An argument is <see langword="null"/>.</exception>
    public static Tensor Apply(
        Func<(Tensor Result, Tensor[] Kept)> forward, Func<Tensor, IReadOnlyList<Tensor>, Tensor?[]> backward, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        ArgumentNullException.ThrowIfNull(inputs);
        foreach (var input in inputs)
            ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        using var scope = NewDisposeScope();
        Tensor result;
        Tensor[] kept;
        using (no_grad())
            (result, kept) = forward(); // before TorchSharp makes what it would never free if this threw
        if (is_grad_enabled() && Array.Exists(inputs, input => input.requires_grad))
            result = Operation.apply([.. inputs, new Recipe(result, kept, backward)]);
        return result.MoveToOuterDisposeScope();
    }

    private sealed record Recipe(Tensor Result, Tensor[] Kept, Func<Tensor, IReadOnlyList<Tensor>, Tensor?[]> Backward);

    private sealed class Operation : autograd.SingleTensorFunction<Operation>
    {
        private const string Backward = nameof(Backward), Inputs = nameof(Inputs);

        [ThreadStatic]
        private static List<Tensor>? _handedOut; // libtorch takes references of its own after the way back has returned

        public override string Name => nameof(CustomGradient);

        public override Tensor forward(autograd.AutogradContext context, params object[] inputs)
        {
            var recipe = (Recipe)inputs[^1];
            context.save_for_backward([.. recipe.Kept]);
            context.save_data(Backward, recipe.Backward);
            context.save_data(Inputs, inputs.Length - 1);
            return recipe.Result;
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
        {
            try
            {
                return [.. Back(context, gradient).Append(null).Select(tensor => tensor!)]; // the last is the recipe's
            }
#pragma warning disable CA1031 // None may leave: libtorch would wait for ever.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Environment.FailFast($"The gradient of an operation could not be worked out: {exception.Message}", exception);
                throw;
            }
        }

        private static Tensor?[] Back(autograd.AutogradContext context, Tensor gradient)
        {
            _handedOut ??= [];
            foreach (var tensor in _handedOut)
                tensor.Dispose();
            _handedOut.Clear();
            var kept = context.get_saved_variables();
            using var scope = NewDisposeScope();
            var gradients = ((Func<Tensor, IReadOnlyList<Tensor>, Tensor?[]>)context.get_data(Backward))(gradient, kept);
            if (gradients.Length != (int)context.get_data(Inputs))
                throw new InvalidOperationException($"There are {context.get_data(Inputs)} inputs, but {gradients.Length} gradients.");
            var given = gradients.OfType<Tensor>().ToArray();
            foreach (var tensor in given)
                tensor.DetachFromDisposeScope();
            foreach (var tensor in kept.Append(gradient).Except(given))
                tensor.Dispose();
            _handedOut.AddRange(given); // to those of a way back within this one
            return gradients;
        }
    }
}
