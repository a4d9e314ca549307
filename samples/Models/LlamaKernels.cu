// What a Llama does between its products. A block of THREADS threads takes one token; elements are moved in pieces of 16 bytes, PIECES to
// a thread, all of them asked for before the first is used; arithmetic is in float32.

#define VECTOR (16 / sizeof(T))
struct __align__(16) Piece { T x[VECTOR]; };

// The sum over all threads of a block.
__device__ inline float sum_of_block(float sum)
{
    __shared__ float sums[32];
    for (int lane = 16; lane > 0; lane /= 2)
        sum += __shfl_xor_sync(0xffffffffu, sum, lane);
    if (THREADS == 32)
        return sum;
    __syncthreads(); // the sums before have been read
    if (threadIdx.x % 32 == 0)
        sums[threadIdx.x / 32] = sum;
    __syncthreads();
    sum = 0;
    for (int warp = 0; warp < THREADS / 32; warp++)
        sum += sums[warp];
    return sum;
}

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
    float scale = rsqrtf(sum_of_block(sum) / width + epsilon);
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

// The way back from a norm. With n = input * scale, dn = gradient * weight: d input = scale * (dn - n * mean(dn * n)), and
// d weight = sum over tokens of gradient * n. Block b takes tokens b, b + blocks, ...: their part of that sum is weightSums[b].
extern "C" __global__ void __launch_bounds__(THREADS) rms_norm_backward(
    const T* input, const T* weight, const T* gradient, T* output, float* weightSums, int width, int tokens, float epsilon)
{
    int pieces = width / VECTOR;
    float sums[PIECES * VECTOR];
    #pragma unroll
    for (int j = 0; j < PIECES * VECTOR; j++)
        sums[j] = 0;
    for (int token = blockIdx.x; token < tokens; token += gridDim.x)
    {
        const Piece* from = (const Piece*)(input + (long long)token * width);
        const Piece* back = (const Piece*)(gradient + (long long)token * width);
        Piece* to = (Piece*)(output + (long long)token * width);
        Piece x[PIECES], d[PIECES];
        #pragma unroll
        for (int k = 0; k < PIECES; k++)
        {
            int n = threadIdx.x + k * THREADS;
            if (n >= pieces) break;
            x[k] = from[n];
            d[k] = back[n];
        }
        float squares = 0, products = 0;
        #pragma unroll
        for (int k = 0; k < PIECES; k++)
        {
            int n = threadIdx.x + k * THREADS;
            if (n >= pieces) break;
            Piece w = ((const Piece*)weight)[n];
            #pragma unroll
            for (int j = 0; j < VECTOR; j++)
            {
                squares += load(x[k].x[j]) * load(x[k].x[j]);
                products += load(x[k].x[j]) * load(d[k].x[j]) * load(w.x[j]);
            }
        }
        float scale = rsqrtf(sum_of_block(squares) / width + epsilon);
        float mean = sum_of_block(products) * scale / width; // of dn * n
        #pragma unroll
        for (int k = 0; k < PIECES; k++)
        {
            int n = threadIdx.x + k * THREADS;
            if (n >= pieces) break;
            Piece w = ((const Piece*)weight)[n];
            #pragma unroll
            for (int j = 0; j < VECTOR; j++)
            {
                float normed = load(x[k].x[j]) * scale, of = load(d[k].x[j]);
                sums[k * VECTOR + j] += of * normed;
                x[k].x[j] = store(scale * (of * load(w.x[j]) - normed * mean));
            }
            to[n] = x[k];
        }
    }
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        int n = threadIdx.x + k * THREADS;
        if (n >= pieces) break;
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
            weightSums[(long long)blockIdx.x * width + n * VECTOR + j] = sums[k * VECTOR + j];
    }
}

// The way back from silu(gate) * up. With s = 1 / (1 + exp(-gate)): d gate = gradient * up * s * (1 + gate * (1 - s)),
// d up = gradient * silu(gate).
extern "C" __global__ void __launch_bounds__(THREADS) swiglu_backward(const T* input, const T* gradient, T* output, int width)
{
    int pieces = width / VECTOR;
    const Piece* gate = (const Piece*)(input + (long long)blockIdx.x * 2 * width);
    const Piece* back = (const Piece*)(gradient + (long long)blockIdx.x * width);
    Piece* to = (Piece*)(output + (long long)blockIdx.x * 2 * width);
    Piece g[PIECES], u[PIECES], d[PIECES];
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        int n = threadIdx.x + k * THREADS;
        if (n >= pieces) break;
        g[k] = gate[n];
        u[k] = gate[n + pieces];
        d[k] = back[n];
    }
    #pragma unroll
    for (int k = 0; k < PIECES; k++)
    {
        int n = threadIdx.x + k * THREADS;
        if (n >= pieces) break;
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
        {
            float x = load(g[k].x[j]), of = load(d[k].x[j]);
            float share = __fdividef(1, 1 + __expf(-x));
            g[k].x[j] = store(of * load(u[k].x[j]) * share * (1 + x * (1 - share)));
            u[k].x[j] = store(of * x * share);
        }
        to[n] = g[k];
        to[n + pieces] = u[k];
    }
}
