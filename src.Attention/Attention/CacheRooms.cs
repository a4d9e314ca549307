using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PackingKit.Attention;

/// <summary>
/// Which slots each prompt of a cache has: a room of its own, and before that the first tokens of the prompt that it goes on from. No
/// tensor.
/// </summary>
internal sealed class CacheRooms
{
    private const int None = -1;

    private readonly List<Room> _rooms = [];
    private readonly List<SlotRange> _free = []; // by place, never two side by side
    private int[] _lengths = [];

    /// <summary>No prompt, all slots free.</summary>
    public CacheRooms(int slots)
    {
        SlotCount = slots;
        if (slots > 0)
            _free.Add(new SlotRange(0, slots));
    }

    /// <summary>Slots, free ones included.</summary>
    public int SlotCount { get; }

    /// <summary>Prompts, those that were released included.</summary>
    public int PromptCount => _rooms.Count;

    /// <summary>Tokens of each prompt, shared ones included; 0 of those that were released.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, _rooms.Count);

    /// <summary>Slots in which tokens lie.</summary>
    public long UsedSlots => _rooms.Sum(room => (long)room.Length);

    /// <summary>Largest room that is free.</summary>
    public int LargestFree => _free.Count == 0 ? 0 : _free.Max(range => range.Length);

    /// <summary>A new prompt in the first free room that holds it, or -1 where there is none.</summary>
    /// <param name="capacity">Tokens of its own.</param>
    /// <param name="parent">The prompt that it goes on from, or -1.</param>
    /// <param name="shared">Tokens that it has of that one.</param>
    public int Add(int capacity, int parent = None, int shared = 0)
    {
        var place = _free.FindIndex(range => range.Length >= capacity);
        if (place < 0)
            return None;
        var (start, length) = _free[place];
        if (length == capacity)
            _free.RemoveAt(place);
        else
            _free[place] = new SlotRange(start + capacity, length - capacity);
        if (parent >= 0)
            At(parent).Children++;
        _rooms.Add(new Room { Start = start, Capacity = capacity, Parent = parent, Shared = shared });
        if (_lengths.Length < _rooms.Count)
            Array.Resize(ref _lengths, Math.Max(2 * _lengths.Length, _rooms.Count));
        _lengths[_rooms.Count - 1] = shared;
        return _rooms.Count - 1;
    }

    /// <summary>Tokens that a prompt may have, shared ones included.</summary>
    public int Capacity(int prompt) => At(prompt).Shared + At(prompt).Capacity;

    /// <summary>Tokens that a prompt has of the one that it goes on from.</summary>
    public int Shared(int prompt) => At(prompt).Shared;

    /// <summary>The prompt that a prompt goes on from, or -1.</summary>
    public int Parent(int prompt) => At(prompt).Parent;

    /// <summary>Whether a prompt was released.</summary>
    public bool IsReleased(int prompt) => At(prompt).IsReleased;

    /// <summary>
    /// The most tokens that a prompt which goes on from this one has of it, and that prompt; (0, -1) where there is none.
    /// </summary>
    public (int Length, int Child) MostShared(int prompt)
    {
        var most = (0, None);
        for (var child = 0; child < _rooms.Count; child++)
            if (_rooms[child] is { IsFree: false } room && room.Parent == prompt && room.Shared > most.Item1)
                most = (room.Shared, child);
        return most;
    }

    /// <summary>Tokens of a prompt that lie in the cache, also where it was released but others go on from it.</summary>
    public int Stored(int prompt) => At(prompt).Shared + At(prompt).Length;

    /// <summary>Changes the number of tokens that a prompt has, shared ones included.</summary>
    public void SetLength(int prompt, int length)
    {
        ref var room = ref At(prompt);
        Debug.Assert(length >= room.Shared && length <= room.Shared + room.Capacity);
        room.Length = length - room.Shared;
        _lengths[prompt] = length;
    }

    /// <summary>Forgets a prompt; its room is free as soon as none goes on from it.</summary>
    public void Release(int prompt)
    {
        At(prompt).IsReleased = true;
        _lengths[prompt] = 0;
        while (prompt >= 0 && At(prompt) is { IsReleased: true, Children: 0 })
        {
            ref var room = ref At(prompt);
            Free(new SlotRange(room.Start, room.Capacity));
            (room.IsFree, room.Length) = (true, 0);
            prompt = room.Parent;
            if (prompt >= 0)
                At(prompt).Children--;
        }
    }

    /// <summary>Where all that a prompt has lies, in the order of positions; one empty range where it was released.</summary>
    public List<SlotRange> Ranges(int prompt) =>
        At(prompt).IsReleased ? [new SlotRange(0, 0)] : Ranges(prompt, _lengths[prompt]);

    /// <summary>Where a prompt's first tokens lie, in the order of their positions.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="length">How many, at least those that it shares; beyond what it has, those that its room is for.</param>
    public List<SlotRange> Ranges(int prompt, int length)
    {
        var own = At(prompt);
        var ranges = new List<SlotRange> { new(own.Start, length - own.Shared) };
        length = own.Shared;
        for (var ancestor = own.Parent; ancestor >= 0; ancestor = At(ancestor).Parent)
        {
            var room = At(ancestor);
            if (length > room.Shared)
                ranges.Add(new SlotRange(room.Start, length - room.Shared));
            length = Math.Min(length, room.Shared);
        }
        ranges.Reverse();
        return ranges;
    }

    /// <summary>Slot of a token of a prompt's own.</summary>
    public int Slot(int prompt, int position) => At(prompt).Start + position - At(prompt).Shared;

    private void Free(SlotRange range)
    {
        var place = _free.FindIndex(free => free.Start > range.Start);
        place = place < 0 ? _free.Count : place;
        if (place < _free.Count && _free[place].Start == range.End)
        {
            range = new SlotRange(range.Start, range.Length + _free[place].Length);
            _free.RemoveAt(place);
        }
        if (place > 0 && _free[place - 1].End == range.Start)
            _free[place - 1] = new SlotRange(_free[place - 1].Start, _free[place - 1].Length + range.Length);
        else
            _free.Insert(place, range);
    }

    private ref Room At(int prompt) => ref CollectionsMarshal.AsSpan(_rooms)[prompt];

    private struct Room
    {
        public int Start, Capacity, Length;
        public int Parent, Shared, Children;
        public bool IsReleased, IsFree;
    }
}
