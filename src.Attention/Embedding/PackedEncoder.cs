using TorchSharp;

namespace PackingKit.Attention;

/// <summary>
/// A model's forward pass over packed texts. The batch is one row without padding, so slots are tokens; whatever attends must keep to the
/// segments (<see cref="PackedLayout.Segments"/>, <see cref="PackedBatch.CuSeqLens"/> or <see cref="PackedBatch.SegmentIds"/>) and take
/// positions from <see cref="PackedBatch.PositionIds"/>, which restart in each text.
/// </summary>
/// <param name="batch">The packed texts. It belongs to the caller and lives only during the call.</param>
/// <returns>
/// Hidden states [tokens, dim] or [1, tokens, dim] of a floating type. Tensors made during the call are freed by the caller's dispose
/// scope.
/// </returns>
public delegate torch.Tensor PackedEncoder(PackedBatch batch);
