// Causal attention of short prompts in half types. HEAD is the head size, a multiple of 16; GROUP_SIZE query heads share a KV head; a
// block has THREADS threads, 32 for every 16 rows of a tile of TILE rows.
// A block takes a tile of queries of one KV head, token by token with all heads of a token side by side, and each warp 16 rows of it:
// scores by the matrix units, an online softmax in registers (Dao et al., FlashAttention), and the products with the values by the matrix
// units again. Fragments are those of PTX's mma.m16n8k16, and groups of 16 keys that none of a warp's queries sees are left out; or, on
// sm_90a with heads of 64 or 128, the four warps of a tile of 64 rows work together (wgmma). Indices are unsigned where they are divided:
// by a power of 2 that is a shift.

#if defined(__CUDA_ARCH_FEAT_SM90_ALL) && HEAD % 64 == 0
#define USES_WARPGROUPS 1
#else
#define USES_WARPGROUPS 0
#endif
#define PIECES (HEAD / 8u) // 16-byte pieces of a row
#define CLOSED __uint_as_float(0xff800000u) // minus infinity
#define LOWEST -3e38f // below every score but that: a weight is worked out from a difference to it

struct __align__(16) Piece { T x[8]; };
struct __align__(16) Factors { float x[8]; };

__device__ inline unsigned pack(float low, float high)
{
    unsigned y;
#if defined(TYPE_BF16)
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
#else
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(y) : "f"(high), "f"(low));
#endif
    return y;
}

__device__ inline float power(float x) { float y; asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x)); return y; } // of 2

__device__ inline void multiply(float* c, const unsigned* a, unsigned b0, unsigned b1)
{
    asm volatile(
#if defined(TYPE_BF16)
        "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 "
#else
        "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
#endif
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

__device__ inline unsigned shared_address(const void* pointer) { return (unsigned)__cvta_generic_to_shared(pointer); }

// Four matrices of 8 rows of 16 bytes: each thread names one of the rows.
__device__ inline void read(unsigned* to, const T* from)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3]) : "r"(shared_address(from)) : "memory");
}

__device__ inline void read_transposed(unsigned* to, const T* from)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
        : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3]) : "r"(shared_address(from)) : "memory");
}

// A piece of a tile in shared memory. Every row starts one piece further, so that the rows of a matrix lie in different banks.
__device__ inline T* at(T* tile, unsigned row, unsigned piece)
{
#if USES_WARPGROUPS
    return tile + (piece / 8 * TILE + row) * 64 + (piece % 8 ^ row % 8) * 8;
#else
    return tile + (row * PIECES + (piece + row) % PIECES) * 8;
#endif
}


#if USES_WARPGROUPS
// The matrix units of sm_90a take 64 rows of four warps at once, right from shared memory (PTX's wgmma): rows of 128 bytes whose pieces
// are swapped by row (at), 8 rows to a group. A tile with heads of 128 elements has two blocks of such rows, one for each half.
#define BLOCK_BYTES (TILE * 128)
#if defined(TYPE_BF16)
#define TYPES "f32.bf16.bf16"
#else
#define TYPES "f32.f16.f16"
#endif

// What a tile is to the matrix units: its address, the bytes from one block to the next, those from 8 rows to the next, and the swapping.
__device__ inline unsigned long long described(const T* tile)
{
    return (unsigned long long)((shared_address(tile) & 0x3ffff) >> 4) | (unsigned long long)(BLOCK_BYTES >> 4) << 16
        | (unsigned long long)(1024 >> 4) << 32 | 1ull << 62;
}

// 64 queries times 64 keys, 16 elements of a head at a time. isNext: c is added to.
__device__ inline void multiply_by_keys(float (*c)[4], unsigned long long a, unsigned long long b, int isNext)
{
    asm volatile(
        "{ .reg .pred p; setp.ne.b32 p, %34, 0; "
        "wgmma.mma_async.sync.aligned.m64n64k16." TYPES " "
        "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
        "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}, "
        "%32, %33, p, 1, 1, 0, 0; }"
        : "+f"(c[0][0]), "+f"(c[0][1]), "+f"(c[0][2]), "+f"(c[0][3]),
          "+f"(c[1][0]), "+f"(c[1][1]), "+f"(c[1][2]), "+f"(c[1][3]),
          "+f"(c[2][0]), "+f"(c[2][1]), "+f"(c[2][2]), "+f"(c[2][3]),
          "+f"(c[3][0]), "+f"(c[3][1]), "+f"(c[3][2]), "+f"(c[3][3]),
          "+f"(c[4][0]), "+f"(c[4][1]), "+f"(c[4][2]), "+f"(c[4][3]),
          "+f"(c[5][0]), "+f"(c[5][1]), "+f"(c[5][2]), "+f"(c[5][3]),
          "+f"(c[6][0]), "+f"(c[6][1]), "+f"(c[6][2]), "+f"(c[6][3]),
          "+f"(c[7][0]), "+f"(c[7][1]), "+f"(c[7][2]), "+f"(c[7][3])
        : "l"(a), "l"(b), "r"(isNext));
}

// 64 rows of weights in registers times 16 values of a whole head.
__device__ inline void multiply_by_values(float (*c)[4], const unsigned* a, unsigned long long b)
{
#if HEAD == 128
    asm volatile(
        "{ .reg .pred p; setp.ne.b32 p, %69, 0; "
        "wgmma.mma_async.sync.aligned.m64n128k16." TYPES " "
        "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
        "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31, "
        "%32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "
        "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63}, "
        "{%64, %65, %66, %67}, %68, p, 1, 1, 1; }"
        : "+f"(c[0][0]), "+f"(c[0][1]), "+f"(c[0][2]), "+f"(c[0][3]),
          "+f"(c[1][0]), "+f"(c[1][1]), "+f"(c[1][2]), "+f"(c[1][3]),
          "+f"(c[2][0]), "+f"(c[2][1]), "+f"(c[2][2]), "+f"(c[2][3]),
          "+f"(c[3][0]), "+f"(c[3][1]), "+f"(c[3][2]), "+f"(c[3][3]),
          "+f"(c[4][0]), "+f"(c[4][1]), "+f"(c[4][2]), "+f"(c[4][3]),
          "+f"(c[5][0]), "+f"(c[5][1]), "+f"(c[5][2]), "+f"(c[5][3]),
          "+f"(c[6][0]), "+f"(c[6][1]), "+f"(c[6][2]), "+f"(c[6][3]),
          "+f"(c[7][0]), "+f"(c[7][1]), "+f"(c[7][2]), "+f"(c[7][3]),
          "+f"(c[8][0]), "+f"(c[8][1]), "+f"(c[8][2]), "+f"(c[8][3]),
          "+f"(c[9][0]), "+f"(c[9][1]), "+f"(c[9][2]), "+f"(c[9][3]),
          "+f"(c[10][0]), "+f"(c[10][1]), "+f"(c[10][2]), "+f"(c[10][3]),
          "+f"(c[11][0]), "+f"(c[11][1]), "+f"(c[11][2]), "+f"(c[11][3]),
          "+f"(c[12][0]), "+f"(c[12][1]), "+f"(c[12][2]), "+f"(c[12][3]),
          "+f"(c[13][0]), "+f"(c[13][1]), "+f"(c[13][2]), "+f"(c[13][3]),
          "+f"(c[14][0]), "+f"(c[14][1]), "+f"(c[14][2]), "+f"(c[14][3]),
          "+f"(c[15][0]), "+f"(c[15][1]), "+f"(c[15][2]), "+f"(c[15][3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(1));
#else
    asm volatile(
        "{ .reg .pred p; setp.ne.b32 p, %37, 0; "
        "wgmma.mma_async.sync.aligned.m64n64k16." TYPES " "
        "{%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "
        "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31}, "
        "{%32, %33, %34, %35}, %36, p, 1, 1, 1; }"
        : "+f"(c[0][0]), "+f"(c[0][1]), "+f"(c[0][2]), "+f"(c[0][3]),
          "+f"(c[1][0]), "+f"(c[1][1]), "+f"(c[1][2]), "+f"(c[1][3]),
          "+f"(c[2][0]), "+f"(c[2][1]), "+f"(c[2][2]), "+f"(c[2][3]),
          "+f"(c[3][0]), "+f"(c[3][1]), "+f"(c[3][2]), "+f"(c[3][3]),
          "+f"(c[4][0]), "+f"(c[4][1]), "+f"(c[4][2]), "+f"(c[4][3]),
          "+f"(c[5][0]), "+f"(c[5][1]), "+f"(c[5][2]), "+f"(c[5][3]),
          "+f"(c[6][0]), "+f"(c[6][1]), "+f"(c[6][2]), "+f"(c[6][3]),
          "+f"(c[7][0]), "+f"(c[7][1]), "+f"(c[7][2]), "+f"(c[7][3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(1));
#endif
}

// Keeps the compiler from moving what is done to registers over this point.
template <int N> __device__ inline void hold(float (&c)[N][4])
{
    #pragma unroll
    for (int n = 0; n < N; n++)
        asm volatile("" : "+f"(c[n][0]), "+f"(c[n][1]), "+f"(c[n][2]), "+f"(c[n][3]) :: "memory");
}

// Before products: what was done to the registers that they add to has been done.
template <int N> __device__ inline void begin_products(float (&c)[N][4])
{
    hold(c);
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

// After products: their results are there. The compiler is kept from using them before.
template <int N> __device__ inline void end_products(float (&c)[N][4])
{
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
    asm volatile("wgmma.wait_group.sync.aligned 0;" ::: "memory");
    hold(c);
}
#endif

// After writing to shared memory and before the barrier behind which products read it.
__device__ inline void show_to_matrix_units()
{
#if USES_WARPGROUPS
    asm volatile("fence.proxy.async.shared::cta;" ::: "memory");
#endif
}

// Starts to copy 16 bytes, or to write 16 bytes of zeros.
__device__ inline void copy(unsigned to, const T* from, unsigned bytes = 16)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(to), "l"(from), "r"(bytes) : "memory");
}

// Starts to copy count rows, perSlot of them from each slot, into a tile. Zeros follow: up to the next multiple of 16 rows, or in all of
// the tile where all of it is read. Rows before listed lie in the slots that a list has, those after them from slot base on.
__device__ inline void fetch(
    T* to, const T* from, long long stride, unsigned perSlot, int count, int base = 0, const int* list = 0, int listed = 0)
{
    int rows = USES_WARPGROUPS || SHARED_KEYS ? TILE : min(TILE, (count + 15) / 16 * 16);
    for (unsigned n = threadIdx.x; n < rows * PIECES; n += THREADS)
    {
        unsigned row = n / PIECES, piece = n % PIECES;
        long long slot = (int)row < listed ? list[row] : base + (int)(row / perSlot) - listed;
        const T* source = from + (row < count ? slot * stride + row % perSlot * HEAD + piece * 8 : 0);
        copy(shared_address(at(to, row, piece)), source, row < count ? 16 : 0);
    }
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// The same for keys or values, one from each slot: a whole tile that lies in the list, or all of it behind, takes fewer instructions.
__device__ inline void fetch_keys(
    T* to, const T* from, long long stride, int count, int base = 0, const int* list = 0, int listed = 0)
{
#if USES_WARPGROUPS
    const unsigned step = THREADS / PIECES; // a multiple of 8: pieces are swapped alike
    if (count >= TILE && (listed >= TILE || listed <= 0))
    {
        unsigned row = threadIdx.x / PIECES, piece = threadIdx.x % PIECES, place = shared_address(at(to, row, piece));
        from += piece * 8;
        if (listed > 0)
        {
            #pragma unroll
            for (unsigned i = 0; i < TILE / step; i++)
                copy(place + i * step * 128, from + list[row + i * step] * stride);
        }
        else
        {
            from += (base - listed + (int)row) * stride;
            #pragma unroll
            for (unsigned i = 0; i < TILE / step; i++)
                copy(place + i * step * 128, from + i * step * stride);
        }
        asm volatile("cp.async.commit_group;" ::: "memory");
        return;
    }
#endif
    fetch(to, from, stride, 1, count, base, list, listed);
}

// Rotates those of a warp's 16 rows that come before count, as soon as the first copy has ended: each piece with its partner in the other
// half of the head. The table has HEAD / 2 cosines, then HEAD / 2 sines, for each position; what a token skips is no part of its position.
__device__ inline void rotate(T* tile, unsigned first, unsigned count, const float* table, int position, const int* skips)
{
    const unsigned half = PIECES / 2, each = (16 * half + 31) / 32;
    Factors cosines[each], sines[each];
    #pragma unroll
    for (unsigned i = 0; i < each; i++)
    {
        unsigned n = threadIdx.x % 32 + 32 * i, row = first + n / half;
        if (n >= 16 * half || row >= count) continue;
        int skip = skips ? skips[row / GROUP_SIZE] : 0;
        const float* factors = table + (long long)(position + (int)(row / GROUP_SIZE) - skip) * HEAD + n % half * 8;
        cosines[i] = *(const Factors*)factors;
        sines[i] = *(const Factors*)(factors + HEAD / 2);
    }
    asm volatile("cp.async.wait_group 2;" ::: "memory");
    __syncthreads();
    #pragma unroll
    for (unsigned i = 0; i < each; i++)
    {
        unsigned n = threadIdx.x % 32 + 32 * i, row = first + n / half;
        if (n >= 16 * half || row >= count) continue;
        Piece* low = (Piece*)at(tile, row, n % half);
        Piece* high = (Piece*)at(tile, row, n % half + half);
        Piece a = *low, b = *high;
        #pragma unroll
        for (int j = 0; j < 8; j++)
        {
            float x = load(a.x[j]), y = load(b.x[j]);
            a.x[j] = store(x * cosines[i].x[j] - y * sines[i].x[j]);
            b.x[j] = store(y * cosines[i].x[j] + x * sines[i].x[j]);
        }
        *low = a;
        *high = b;
    }
    __syncwarp();
}

#if SHARED_KEYS
// Values that are not finite become noughts, and the rows that see their keys become NaN instead, by their totals: a weight of nought times
// such a value is no nought, and would reach the rows of the tile's other prompts. start: the tile's first key.
__device__ inline void hide(T* values, int start, int shared, unsigned rows, int past, unsigned row, const int* skips, float* total)
{
    unsigned key = threadIdx.x / (THREADS / TILE);
    int found = 0;
    for (unsigned piece = threadIdx.x % (THREADS / TILE); piece < PIECES; piece += THREADS / TILE)
    {
        Piece* held = (Piece*)at(values, key, piece);
        for (int j = 0; j < 8; j++)
            if (!(fabsf(load(held->x[j])) < __uint_as_float(0x7f800000u)))
            {
                held->x[j] = store(0);
                found = 1;
            }
    }
    show_to_matrix_units();
    if (!__syncthreads_or(found))
        return;
    for (unsigned k = 0; k < TILE; k++)
    {
        if (!__syncthreads_or(found && k == key)) continue;
        for (int half = 0; half < 2; half++)
        {
            int token = (int)((row + half * 8) / GROUP_SIZE), place = start + (int)k;
            int skip = row + half * 8 < rows ? skips[token] : 0;
            if (place <= past + token && !(place >= shared && place < shared + skip))
                total[half] = __uint_as_float(0x7fffffffu);
        }
    }
}
#endif

// Each tile: slot of its first query, number of queries, slot of the prompt's first key, number of keys that the last query sees. With
// SHARED_KEYS some keys come before those, in the slots of a list, and a tile may have queries of several prompts that share them. Behind
// the tiles then lie, for each tile the place in the list and the number shared, for each query slot how many of the tile's own keys are of
// other prompts and skipped, and the list. Strides are in elements from slot to slot; heads lie side by side. With a table queries are
// rotated here, by the number of keys before them; without one they are rotated already.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) short_prompts(
    const T* query, const T* key, const T* value, T* output, const int4* tiles, const float* table,
    long long queryStride, long long keyStride, long long valueStride, unsigned kvHeads, unsigned tileCount,
    unsigned slots, float scale)
{
    __shared__ __align__(1024) T queries[TILE * HEAD], keys[TILE * HEAD], values[TILE * HEAD];
    int4 tile = tiles[blockIdx.x / kvHeads];
    unsigned head = blockIdx.x % kvHeads, lane = threadIdx.x % 32;
    unsigned first = threadIdx.x / 32 * 16, row = first + lane / 4, column = lane % 4 * 2, rows = tile.y * GROUP_SIZE;
    int past = tile.w - tile.y;
    query += tile.x * queryStride + head * GROUP_SIZE * HEAD;
#if SHARED_KEYS
    const int* told = (const int*)(tiles + tileCount);
    const int* skips = told + 2 * tileCount + tile.x;
    const int* list = told + 2 * tileCount + slots + told[2 * (blockIdx.x / kvHeads)];
    const int shared = told[2 * (blockIdx.x / kvHeads) + 1];
    key += head * HEAD;
    value += head * HEAD;
    #define FROM(tensor, stride, first) tensor, stride, tile.w - (first), tile.z, list + (first), shared - (first)
    #define OPEN_KEYS shared
#else
    const int* skips = 0;
    key += tile.z * keyStride + head * HEAD;
    value += tile.z * valueStride + head * HEAD;
    #define FROM(tensor, stride, first) tensor + (first) * stride, stride, tile.w - (first)
    #define OPEN_KEYS past + 1
#endif
    output += ((long long)tile.x * kvHeads + head) * GROUP_SIZE * HEAD;
    fetch(queries, query, queryStride, GROUP_SIZE, rows);
    fetch_keys(keys, FROM(key, keyStride, 0));
    fetch_keys(values, FROM(value, valueStride, 0));
    if (table)
        rotate(queries, first, rows, table, past, skips);

    // A thread holds two rows, row and row + 8, and two of every 8 columns.
    float sums[HEAD / 8][4] = {}, best[2] = {LOWEST, LOWEST}, total[2] = {0, 0};
    for (int start = 0; start < tile.w; start += TILE)
    {
        int next = start + TILE;
        int seen = min(past + (int)((first + 15) / GROUP_SIZE) + 1, tile.w) - start; // keys that the warp's queries see
        int groups = USES_WARPGROUPS ? TILE / 16 : first < rows ? (min(TILE, seen) + 15) / 16 : 0;
        asm volatile("cp.async.wait_group 1;" ::: "memory");
        show_to_matrix_units();
        __syncthreads();
#if USES_WARPGROUPS
        float scores[TILE / 8][4] = {};
        begin_products(scores);
        #pragma unroll
        for (int k = 0; k < HEAD / 16; k++)
        {
            unsigned place = k / 4 * (BLOCK_BYTES >> 4) + k % 4 * 2;
            multiply_by_keys(scores, described(queries) + place, described(keys) + place, k);
        }
        end_products(scores);
#else
        float scores[TILE / 8][4] = {};
        if (groups > 0)
        {
            #pragma unroll
            for (int k = 0; k < HEAD / 16; k++)
            {
                unsigned a[4], b[4];
                read(a, at(queries, first + lane % 16, 2 * k + lane / 16));
                #pragma unroll
                for (int n = 0; n < TILE / 16; n++)
                {
                    if (n >= groups) break;
                    read(b, at(keys, n * 16 + lane % 8 + lane / 16 * 8, 2 * k + lane / 8 % 2));
                    multiply(scores[2 * n], a, b[0], b[1]);
                    multiply(scores[2 * n + 1], a, b[2], b[3]);
                }
            }
        }
#endif
        if (groups > 0)
        {
            bool isOpen = start + TILE <= OPEN_KEYS; // every row sees all of the tile's keys
            #pragma unroll
            for (int half = 0; half < 2; half++)
            {
                if (!isOpen)
                {
                    int last = past + (int)((row + half * 8) / GROUP_SIZE) - start - (int)column; // key that the row still sees
#if SHARED_KEYS
                    int own = shared - start - (int)column; // the tile's first key that is not shared
                    int skip = row + half * 8 < rows ? skips[(row + half * 8) / GROUP_SIZE] : 0;
                    #define IS_SKIPPED(key) ((key) >= own && (key) < own + skip)
#else
                    #define IS_SKIPPED(key) false
#endif
                    #pragma unroll
                    for (int n = 0; n < TILE / 8; n++)
                    {
                        if (n / 2 >= groups) break;
                        #pragma unroll
                        for (int j = 2 * half; j < 2 * half + 2; j++)
                            if (n * 8 + j % 2 > last || IS_SKIPPED(n * 8 + j % 2))
                                scores[n][j] = CLOSED;
                    }
                }
                float highest = best[half];
                #pragma unroll
                for (int n = 0; n < TILE / 8; n++)
                {
                    if (n / 2 >= groups) break;
                    highest = fmaxf(highest, fmaxf(scores[n][2 * half], scores[n][2 * half + 1]));
                }
                highest = fmaxf(highest, __shfl_xor_sync(0xffffffffu, highest, 1));
                highest = fmaxf(highest, __shfl_xor_sync(0xffffffffu, highest, 2));
                if (start > 0 && __any_sync(0xffffffffu, highest > best[half]))
                {
                    float shrink = power((best[half] - highest) * scale);
                    total[half] *= shrink;
                    #pragma unroll
                    for (int n = 0; n < HEAD / 8; n++)
                        #pragma unroll
                        for (int j = 2 * half; j < 2 * half + 2; j++)
                            sums[n][j] *= shrink;
                }
                best[half] = highest;
                float offset = highest * scale;
                #pragma unroll
                for (int n = 0; n < TILE / 8; n++)
                {
                    if (n / 2 >= groups) break;
                    #pragma unroll
                    for (int j = 2 * half; j < 2 * half + 2; j++)
                        total[half] += scores[n][j] = power(fmaf(scores[n][j], scale, -offset));
                }
            }
        }
        asm volatile("cp.async.wait_group 0;" ::: "memory");
        show_to_matrix_units();
        __syncthreads();
#if SHARED_KEYS
        if (start + TILE > shared) // a value that is not finite must not reach the rows that leave it out: nought times it is no nought
            hide(values, start, shared, rows, past, row, skips, total);
#endif
        if (next < tile.w)
            fetch_keys(keys, FROM(key, keyStride, next));
#if USES_WARPGROUPS
        unsigned weights[TILE / 16][4];
        #pragma unroll
        for (int k = 0; k < TILE / 16; k++)
            #pragma unroll
            for (int i = 0; i < 4; i++)
            {
                weights[k][i] = pack(scores[2 * k + i / 2][i % 2 * 2], scores[2 * k + i / 2][i % 2 * 2 + 1]);
                asm volatile("" : "+r"(weights[k][i]) :: "memory");
            }
        begin_products(sums);
        #pragma unroll
        for (int k = 0; k < TILE / 16; k++)
            multiply_by_values(sums, weights[k], described(values) + k * (2048 >> 4));
        end_products(sums);
#else
        #pragma unroll
        for (int k = 0; k < TILE / 16; k++)
        {
            if (k >= groups) break;
            unsigned a[4], b[4];
            #pragma unroll
            for (int i = 0; i < 4; i++)
                a[i] = pack(scores[2 * k + i / 2][i % 2 * 2], scores[2 * k + i / 2][i % 2 * 2 + 1]);
            #pragma unroll
            for (int n = 0; n < HEAD / 16; n++)
            {
                read_transposed(b, at(values, k * 16 + lane % 16, 2 * n + lane / 16));
                multiply(sums[2 * n], a, b[0], b[1]);
                multiply(sums[2 * n + 1], a, b[2], b[3]);
            }
        }
#endif
        if (next < tile.w)
        {
            __syncthreads();
            fetch_keys(values, FROM(value, valueStride, next));
        }
    }
    if (first >= rows)
        return;
    #pragma unroll
    for (int half = 0; half < 2; half++)
    {
        total[half] += __shfl_xor_sync(0xffffffffu, total[half], 1);
        total[half] += __shfl_xor_sync(0xffffffffu, total[half], 2);
        float inverse = 1 / total[half];
        #pragma unroll
        for (int n = 0; n < HEAD / 8; n++)
            *(unsigned*)(at(queries, row + half * 8, n) + column)
                = pack(sums[n][2 * half] * inverse, sums[n][2 * half + 1] * inverse);
    }
    // A warp has read and written its own rows of the queries only.
    __syncwarp();
    for (unsigned n = lane; n < 16 * PIECES; n += 32)
    {
        unsigned r = first + n / PIECES, piece = n % PIECES;
        if (r < rows)
            *(Piece*)(output + (r / GROUP_SIZE * kvHeads * GROUP_SIZE + r % GROUP_SIZE) * HEAD + piece * 8)
                = *(const Piece*)at(queries, r, piece);
    }
}
