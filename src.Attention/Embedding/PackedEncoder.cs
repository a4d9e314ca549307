using TorchSharp;

namespace PackingKit.Attention;

/// <summary>
/// A model's forward pass over packed texts. The batch is one row without padding, so slots are tokens; whatever attends must keep to the
/// segments (<see cref="PackedLayout.Segments"/>, <see cref="PackedBatch.CuSeqLens"/> or <see cref="PackedBatch.SegmentIds"/>) and take
/// positions from <see cref="PackedBatch.PositionIds"/>, which restart in each text.
/// </summary>
/// <remarks>
/// With <see cref="PackedEmbeddingOptions.SharesBeginnings"/> a batch may be of a forest (<see cref="PackedLayout.IsForest"/>). Its
/// segments are nodes, which also see the nodes before them on the way from the root, and positions go on from there: cumulative lengths
/// and segment IDs do not say that. Attend causally, by <see cref="PackedAttention"/> or the mask of
/// <see cref="PackedBatch.CreateMask"/>.
/// </remarks>
/// <param name="batch">The packed texts. It belongs to the caller and lives only during the call.</param>
/// <returns>
/// Hidden states [tokens, dim] or [1, tokens, dim] of a floating type. Tensors made during the call are freed by the caller's dispose
/// scope.
/// </returns>
public delegate torch.Tensor PackedEncoder(PackedBatch batch);
