// Rotary embedding at packed positions, and the write into a packed cache. HEAD is the head size, VECTOR divides HEAD / 2.
// Each block takes one token. Each thread takes VECTOR neighbouring elements of the first half of a head and their partners in the second
// half, loaded and stored as one piece, and the same ones of other heads: the factors are read once.

struct __align__(VECTOR * sizeof(T)) Piece { T x[VECTOR]; };
struct __align__(VECTOR < 4 ? VECTOR * 4 : 16) Factors { float x[VECTOR]; };

__device__ inline void rotate(const T* from, T* to, const Factors& cosines, const Factors& sines)
{
    Piece a = *(const Piece*)from, b = *(const Piece*)(from + HEAD / 2);
    #pragma unroll
    for (int j = 0; j < VECTOR; j++)
    {
        float x = load(a.x[j]), y = load(b.x[j]);
        a.x[j] = store(x * cosines.x[j] - y * sines.x[j]);
        b.x[j] = store(y * cosines.x[j] + x * sines.x[j]);
    }
    *(Piece*)to = a;
    *(Piece*)(to + HEAD / 2) = b;
}

// tables: for each position HEAD / 2 cosines, then HEAD / 2 sines. Strides are in elements from token to token; heads lie side by side.
// slots: the cache slot of each token, below 0 for padding, which is not stored. Where slots is null, keys are rotated in place and values
// are left alone.
extern "C" __global__ void rotary(
    T* query, T* key, const T* value, const float* tables, const long long* positions, const long long* slots,
    T* keyCache, T* valueCache, long long queryStride, long long keyStride, long long valueStride, int heads, int kvHeads)
{
    const int pieces = HEAD / 2 / VECTOR;
    long long token = blockIdx.x;
    long long slot = slots ? slots[token] : -1;
    int lanes = blockDim.x / pieces, first = threadIdx.x / pieces, i = threadIdx.x % pieces * VECTOR;
    const float* table = tables + positions[token] * HEAD + i;
    Factors cosines = *(const Factors*)table, sines = *(const Factors*)(table + HEAD / 2);
    T* q = query + token * queryStride + i;
    T* k = key + token * keyStride + i;
    T* stored = slot < 0 ? k : keyCache + slot * kvHeads * HEAD + i;
    if (first < lanes)
    {
        for (int head = first; head < heads; head += lanes)
            rotate(q + head * HEAD, q + head * HEAD, cosines, sines);
        if (slot >= 0 || !slots)
            for (int head = first; head < kvHeads; head += lanes)
                rotate(k + head * HEAD, stored + head * HEAD, cosines, sines);
    }
    if (slot < 0)
        return;
    const T* v = value + token * valueStride;
    T* to = valueCache + slot * kvHeads * HEAD;
    for (int n = threadIdx.x * VECTOR; n < kvHeads * HEAD; n += blockDim.x * VECTOR)
        *(Piece*)(to + n) = *(const Piece*)(v + n);
}

// Heads rotated, forward or (direction -1) back, into tensors of their own in which tokens lie side by side.
extern "C" __global__ void rotated(
    const T* from, T* to, const float* tables, const long long* positions, long long stride, int heads, float direction)
{
    const int pieces = HEAD / 2 / VECTOR;
    long long token = blockIdx.x;
    int lanes = blockDim.x / pieces, first = threadIdx.x / pieces, i = threadIdx.x % pieces * VECTOR;
    const float* table = tables + positions[token] * HEAD + i;
    Factors cosines = *(const Factors*)table, sines = *(const Factors*)(table + HEAD / 2);
    #pragma unroll
    for (int j = 0; j < VECTOR; j++)
        sines.x[j] *= direction;
    if (first < lanes)
        for (int head = first; head < heads; head += lanes)
            rotate(from + token * stride + head * HEAD + i, to + (token * heads + head) * HEAD + i, cosines, sines);
}
