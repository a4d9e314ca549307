using System.Buffers.Binary;
using System.Text;
using Xunit;

namespace PackingKit.Attention.Tests;

public class ElfImageTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void Only_the_flag_of_the_named_version_changes()
    {
        var original = Synthetic();
        var mended = (byte[])original.Clone();
        Assert.True(new ElfImage(mended).TryMakeWeak(Version));
        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != mended[i]).ToArray();
        Assert.Equal([FlagsOffset], changed);
        Assert.Equal(2, mended[FlagsOffset]);
        Assert.False(new ElfImage(mended).TryMakeWeak(Version)); // it is weak already
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.3")]
    [InlineData("GLIBCXX_3.4.322")]
    [InlineData("")]
    public void A_version_that_the_file_does_not_name_is_left_alone(string version)
    {
        var bytes = Synthetic();
        Assert.False(new ElfImage(bytes).TryMakeWeak(version));
        Assert.Equal(Synthetic(), bytes);
    }

    [Fact]
    public void A_version_that_a_relocation_uses_is_not_touched()
    {
        var bytes = Synthetic(relocatedSymbol: 1);
        Assert.Throws<NotSupportedException>(() => new ElfImage(bytes).TryMakeWeak(Version));
        Assert.Equal(Synthetic(relocatedSymbol: 1), bytes);
        Assert.True(new ElfImage(Synthetic(relocatedSymbol: 2)).TryMakeWeak(Version)); // another version's symbol
    }

    [Fact]
    public void What_is_no_64_bit_little_endian_elf_file_is_refused()
    {
        foreach (var bytes in (byte[][])[[], "MZ"u8.ToArray(), new byte[64], Synthetic()[..40]])
            Assert.Throws<BadImageFormatException>(() => new ElfImage(bytes).TryMakeWeak(Version));
    }

    [Fact]
    public void A_file_cut_short_anywhere_or_with_any_field_broken_is_refused_or_left_alone()
    {
        var original = Synthetic(relocatedSymbol: 2);
        for (var length = 0; length < original.Length; length++)
            Try(original[..length]);
        foreach (var value in (byte[])[0, 1, 0x7f, 0x80, 0xff])
        {
            for (var i = 0; i < original.Length; i++)
            {
                var broken = (byte[])original.Clone();
                broken[i] = value;
                Try(broken);
                broken.AsSpan(i, Math.Min(8, broken.Length - i)).Fill(value);
                Try(broken);
            }
        }

        static void Try(byte[] bytes)
        {
            try
            {
                new ElfImage(bytes).TryMakeWeak(Version);
            }
            catch (Exception exception) when (exception is BadImageFormatException or NotSupportedException)
            {
            }
        }
    }

    [Fact]
    public void TorchSharps_own_library_is_mended_in_one_byte()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        if (!File.Exists(path))
            Assert.Skip("No libLibTorchSharp.so beside the tests on this platform.");
        var original = File.ReadAllBytes(path);
        var mended = (byte[])original.Clone();
        Assert.True(new ElfImage(mended).TryMakeWeak(Version));
        Assert.Equal(1, original.Zip(mended).Count(pair => pair.First != pair.Second));
        Assert.Throws<NotSupportedException>(() => new ElfImage(mended).TryMakeWeak("GLIBCXX_3.4.26")); // this one it does use
    }

    private const int Base = 0x10000, VerNeed = 0x200, FlagsOffset = VerNeed + 16 + 16 + 4;

    /// <summary>
    /// A shared library with nothing but dynamic entries, two needed versions, three symbols' versions and one relocation.
    /// </summary>
    private static byte[] Synthetic(uint relocatedSymbol = 0)
    {
        const int dynamic = 0x100, versionSymbols = 0x280, strings = 0x290, relocations = 0x2d0, size = 0x2e8;
        var bytes = new byte[size];
        ((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]).CopyTo(bytes);
        Long(32, 64);
        Short(54, 56);
        Short(56, 2);
        Segment(64, type: 1, 0, Base, size);
        Segment(120, type: 2, dynamic, Base + dynamic, 0x80);
        (long Tag, long Value)[] entries =
        [
            (5, Base + strings), (0x6ffffffe, Base + VerNeed), (0x6fffffff, 1), (0x6ffffff0, Base + versionSymbols),
            (7, Base + relocations), (8, relocatedSymbol == 0 ? 0 : 24), (0, 0),
        ];
        for (var i = 0; i < entries.Length; i++)
        {
            Long(dynamic + 16 * i, entries[i].Tag);
            Long(dynamic + 16 * i + 8, entries[i].Value);
        }
        // One library, two versions: index 2 and, after it, index 3, the one to be mended.
        Short(VerNeed, 1);
        Short(VerNeed + 2, 2);
        Int(VerNeed + 8, 16);
        Short(VerNeed + 16 + 6, 2);
        Int(VerNeed + 16 + 8, 1);
        Int(VerNeed + 16 + 12, 16);
        Short(VerNeed + 32 + 6, 3);
        Int(VerNeed + 32 + 8, 13);
        Encoding.ASCII.GetBytes($"\0GLIBCXX_3.4\0{Version}\0").CopyTo(bytes, strings);
        Short(versionSymbols + 2, 3);
        Short(versionSymbols + 4, 2);
        Int(relocations + 12, (int)relocatedSymbol);
        return bytes;

        void Segment(int at, int type, long offset, long address, long length)
        {
            Int(at, type);
            Long(at + 8, offset);
            Long(at + 16, address);
            Long(at + 32, length);
        }

        void Short(int at, short value) => BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), value);
        void Int(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        void Long(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), value);
    }
}
