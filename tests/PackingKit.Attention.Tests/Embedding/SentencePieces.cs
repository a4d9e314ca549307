using System.Text;
using Microsoft.ML.Tokenizers;

namespace PackingKit.Attention.Tests;

/// <summary>Small SentencePiece models (byte pairs), written as their protocol buffers are.</summary>
internal static class SentencePieces
{
    public static Tokenizer Create(bool dropsSpaces, params string[] pieces)
    {
        List<byte> model = [.. Piece("<unk>", 0, 2), .. Piece("<s>", 0, 3), .. Piece("</s>", 0, 3)];
        for (var i = 0; i < pieces.Length; i++)
            model.AddRange(Piece(pieces[i], -i, 1));
        model.AddRange(Message(2, Number(3, 2))); // trainer: byte pairs
        model.AddRange(Message(3, [.. Number(3, 1), .. Number(4, dropsSpaces ? 1 : 0), .. Number(5, 1)])); // a leading space, escaped
        return LlamaTokenizer.Create(new MemoryStream([.. model]), addBeginOfSentence: true, addEndOfSentence: false);
    }

    private static byte[] Piece(string text, float score, int type) =>
        Message(1, [.. Message(1, Encoding.UTF8.GetBytes(text)), 2 << 3 | 5, .. BitConverter.GetBytes(score), .. Number(3, type)]);

    private static byte[] Message(int field, byte[] content) => [(byte)(field << 3 | 2), (byte)content.Length, .. content];

    private static byte[] Number(int field, int value) => [(byte)(field << 3), (byte)value];
}
