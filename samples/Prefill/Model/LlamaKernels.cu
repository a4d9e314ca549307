// What a Llama does between its products. A block of THREADS threads takes one token; elements are moved in pieces of 16 bytes, PIECES to
// a thread, all of them asked for before the first is used; arithmetic is in float32.

#define VECTOR (16 / sizeof(T))
struct __align__(16) Piece { T x[VECTOR]; };

// Root mean square norm of a token of width elements, which stay in registers between the two passes.
extern "C" __global__ void __launch_bounds__(THREADS) rms_norm(const T* input, const T* weight, T* output, int width, float epsilon)
{
    const Piece* from = (const Piece*)(input + (long long)blockIdx.x * width);
    Piece* to = (Piece*)(output + (long long)blockIdx.x * width);
    int pieces = width / VECTOR;
    Piece kept[PIECES];
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        int n = threadIdx.x + k * THREADS;
        if (n < pieces) kept[k] = from[n];
    }
    float sum = 0;
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        if (threadIdx.x + k * THREADS >= pieces) break;
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
            sum += load(kept[k].x[j]) * load(kept[k].x[j]);
    }
    __shared__ float sums[32];
    for (int lane = 16; lane > 0; lane /= 2)
        sum += __shfl_xor_sync(0xffffffffu, sum, lane);
    if (threadIdx.x % 32 == 0)
        sums[threadIdx.x / 32] = sum;
    __syncthreads();
    sum = 0;
    for (int warp = 0; warp < THREADS / 32; warp++)
        sum += sums[warp];
    float scale = rsqrtf(sum / width + epsilon);
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        int n = threadIdx.x + k * THREADS;
        if (n >= pieces) break;
        Piece w = ((const Piece*)weight)[n];
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
            kept[k].x[j] = store(load(store(load(kept[k].x[j]) * scale)) * load(w.x[j]));
        to[n] = kept[k];
    }
}

// silu(gate) * up of a token: width elements of gate, then width elements of up.
extern "C" __global__ void __launch_bounds__(THREADS) swiglu(const T* input, T* output, int width)
{
    int pieces = width / VECTOR;
    const Piece* gate = (const Piece*)(input + (long long)blockIdx.x * 2 * width);
    const Piece* up = gate + pieces;
    Piece* to = (Piece*)(output + (long long)blockIdx.x * width);
    Piece g[PIECES], u[PIECES];
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        int n = threadIdx.x + k * THREADS;
        if (n >= pieces) break;
        g[k] = gate[n];
        u[k] = up[n];
    }
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        int n = threadIdx.x + k * THREADS;
        if (n >= pieces) break;
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
        {
            float x = load(g[k].x[j]);
            g[k].x[j] = store(__fdividef(x, 1 + __expf(-x)) * load(u[k].x[j]));
        }
        to[n] = g[k];
    }
}
