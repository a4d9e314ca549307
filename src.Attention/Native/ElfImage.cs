using System.Buffers.Binary;
using System.Text;

namespace PackingKit.Attention;

/// <summary>
/// The little of a 64-bit little-endian ELF shared library that version needs take: finds the entry that asks another library for a named
/// symbol version and marks it weak, so that the loader puts up with a library that lacks it.
/// </summary>
/// <remarks>
/// Layout after the System V ABI and the LSB (Elf64_Ehdr, Elf64_Phdr, Elf64_Dyn, Elf64_Verneed, Elf64_Vernaux, Elf64_Rela). Every offset
/// read from the file is checked against its length: a broken file gives <see cref="BadImageFormatException"/>, never a wild read.
/// </remarks>
internal readonly ref struct ElfImage
{
    private const int ProgramLoad = 1, ProgramDynamic = 2;
    private const long TagNull = 0, TagStrTab = 5, TagRela = 7, TagRelaSize = 8, TagJmpRel = 23, TagPltRelSize = 2;
    private const long TagVerSym = 0x6ffffff0, TagVerNeed = 0x6ffffffe, TagVerNeedCount = 0x6fffffff;
    private const ushort WeakFlag = 2;

    private readonly Span<byte> _bytes;
    private readonly long _programHeaders;
    private readonly int _programHeaderCount;

    /// <exception cref="BadImageFormatException">The bytes are no 64-bit little-endian ELF file.</exception>
    public ElfImage(Span<byte> bytes)
    {
        _bytes = bytes;
        if (bytes.Length < 64 || !bytes[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new BadImageFormatException("Not a 64-bit little-endian ELF file.");
        _programHeaders = Int64(32);
        _programHeaderCount = UInt16(56);
        if (UInt16(54) != 56)
            throw new BadImageFormatException($"Program headers of {UInt16(54)} bytes instead of 56.");
    }

    /// <summary>Marks the need of <paramref name="version"/> weak, in place.</summary>
    /// <returns>Whether the file has such a need that was not weak before.</returns>
    /// <exception cref="BadImageFormatException">The file is broken.</exception>
    /// <exception cref="NotSupportedException">
    /// A relocation uses a symbol of that version: without it the library could not run.
    /// </exception>
    public bool TryMakeWeak(string version)
    {
        long strings = 0, needs = 0, needCount = 0, symbolVersions = 0, rela = 0, relaSize = 0, jmpRel = 0, jmpRelSize = 0;
        var (dynamic, dynamicSize) = Dynamic();
        for (var at = dynamic; at + 16 <= dynamic + dynamicSize && Int64(at) != TagNull; at += 16)
        {
            var value = Int64(at + 8);
            switch (Int64(at))
            {
                case TagStrTab: strings = value; break;
                case TagVerNeed: needs = value; break;
                case TagVerNeedCount: needCount = value; break;
                case TagVerSym: symbolVersions = value; break;
                case TagRela: rela = value; break;
                case TagRelaSize: relaSize = value; break;
                case TagJmpRel: jmpRel = value; break;
                case TagPltRelSize: jmpRelSize = value; break;
            }
        }
        if (needs == 0)
            return false;

        var need = OffsetOf(needs);
        for (long n = 0; n < needCount; n++)
        {
            var entry = need + UInt32(need + 8);
            for (var e = 0; e < UInt16(need + 2); e++)
            {
                if (NameEquals(OffsetOf(strings) + UInt32(entry + 8), version) && (UInt16(entry + 4) & WeakFlag) == 0)
                {
                    RefuseUses(OffsetOf(symbolVersions), UInt16(entry + 6), rela, relaSize, version);
                    RefuseUses(OffsetOf(symbolVersions), UInt16(entry + 6), jmpRel, jmpRelSize, version);
                    BinaryPrimitives.WriteUInt16LittleEndian(At(entry + 4, 2), (ushort)(UInt16(entry + 4) | WeakFlag));
                    return true;
                }
                entry += Step(UInt32(entry + 12), e + 1 == UInt16(need + 2));
            }
            need += Step(UInt32(need + 12), n + 1 == needCount);
        }
        return false;
    }

    /// <summary>A table's own step to its next entry: 0 would read the same one for ever.</summary>
    private static long Step(uint step, bool last) =>
        step > 0 || last ? step : throw new BadImageFormatException("A table of version needs ends before its count.");

    private void RefuseUses(long symbolVersions, ushort index, long table, long size, string version)
    {
        if (size == 0)
            return;
        var start = OffsetOf(table);
        for (var at = start; at + 24 <= start + size; at += 24)
        {
            var symbol = UInt32(at + 12);
            if (symbol != 0 && (UInt16(symbolVersions + 2L * symbol) & 0x7fff) == index)
                throw new NotSupportedException($"The library uses symbol {symbol} of version {version}: it cannot do without it.");
        }
    }

    private (long Offset, long Size) Dynamic()
    {
        for (var i = 0; i < _programHeaderCount; i++)
        {
            var header = _programHeaders + 56L * i;
            if (UInt32(header) == ProgramDynamic)
                return (Int64(header + 8), Int64(header + 32));
        }
        throw new BadImageFormatException("No dynamic section: not a shared library.");
    }

    /// <summary>Where in the file the byte lies that is loaded to an address.</summary>
    private long OffsetOf(long address)
    {
        for (var i = 0; i < _programHeaderCount; i++)
        {
            var header = _programHeaders + 56L * i;
            var (offset, start, size) = (Int64(header + 8), Int64(header + 16), Int64(header + 32));
            if (UInt32(header) == ProgramLoad && address >= start && address - start < size)
                return offset + (address - start);
        }
        throw new BadImageFormatException($"Address 0x{address:x} lies in no loaded part of the file.");
    }

    private bool NameEquals(long offset, string name)
    {
        var bytes = Encoding.ASCII.GetBytes(name + '\0');
        return offset >= 0 && offset <= _bytes.Length - bytes.Length && At(offset, bytes.Length).SequenceEqual(bytes);
    }

    private Span<byte> At(long offset, int count) => offset >= 0 && offset <= _bytes.Length - count
        ? _bytes.Slice((int)offset, count)
        : throw new BadImageFormatException($"Offset 0x{offset:x} lies outside the file of {_bytes.Length} bytes.");

    private ushort UInt16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

    private uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));

    private long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(At(offset, 8));
}
