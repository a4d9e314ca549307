// Cross entropy of a row of logits with the token that should have been, in float32. A block of THREADS threads takes one row of
// vocabulary elements, in pieces of VECTOR, which divides it. A token outside the vocabulary gives NaN.

#define INFINITY_F __int_as_float(0x7f800000)
#define NAN_F __int_as_float(0x7fc00000)
struct __align__(VECTOR * sizeof(T)) Piece { T x[VECTOR]; };

#if defined(TYPE_F32)
__device__ inline float exponential(float x) { return expf(x); }
#else
__device__ inline float exponential(float x) { return __expf(x); } // far more exact than the type
#endif

// The largest logit so far, and the sum of exponentials over it.
struct Sum { float largest, sum; };

__device__ inline Sum joined(Sum a, Sum b)
{
    float largest = fmaxf(a.largest, b.largest);
    if (largest == -INFINITY_F)
        return { largest, a.sum + b.sum };
    return { largest, a.sum * exponential(a.largest - largest) + b.sum * exponential(b.largest - largest) };
}

// losses and logSums have one element for each row; the way back needs the second.
extern "C" __global__ void __launch_bounds__(THREADS) cross_entropy(
    const T* logits, const long long* tokens, float* losses, float* logSums, int vocabulary)
{
    const T* row = logits + (long long)blockIdx.x * vocabulary;
    const Piece* pieces = (const Piece*)row;
    Sum sum = { -INFINITY_F, 0 };
    bool hasNaN = false;
    for (int n = threadIdx.x; n < vocabulary / VECTOR; n += THREADS)
    {
        Piece piece = pieces[n];
        float x[VECTOR], largest = sum.largest;
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
        {
            x[j] = load(piece.x[j]);
            largest = fmaxf(largest, x[j]);
            hasNaN |= x[j] != x[j];
        }
        if (largest == -INFINITY_F)
            continue;
        float total = sum.sum * exponential(sum.largest - largest);
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
            total += exponential(x[j] - largest);
        sum = { largest, total };
    }
    if (hasNaN)
        sum.sum = NAN_F;
    __shared__ Sum sums[32];
    for (int lane = 16; lane > 0; lane /= 2)
        sum = joined(sum, { __shfl_xor_sync(0xffffffffu, sum.largest, lane), __shfl_xor_sync(0xffffffffu, sum.sum, lane) });
    if (threadIdx.x % 32 == 0)
        sums[threadIdx.x / 32] = sum;
    __syncthreads();
    if (threadIdx.x > 0)
        return;
    for (int warp = 1; warp < THREADS / 32; warp++)
        sum = joined(sum, sums[warp]);
    long long token = tokens[blockIdx.x];
    float logSum = sum.largest + logf(sum.sum);
    logSums[blockIdx.x] = logSum;
    losses[blockIdx.x] = token >= 0 && token < vocabulary ? logSum - load(row[token]) : NAN_F;
}

// gradients: what each row's loss counts. output may be logits.
extern "C" __global__ void __launch_bounds__(THREADS) cross_entropy_backward(
    const T* logits, const long long* tokens, const float* logSums, const float* gradients, T* output, int vocabulary)
{
    const Piece* from = (const Piece*)(logits + (long long)blockIdx.x * vocabulary);
    Piece* to = (Piece*)(output + (long long)blockIdx.x * vocabulary);
    float logSum = logSums[blockIdx.x], gradient = gradients[blockIdx.x];
    long long token = tokens[blockIdx.x];
    if (token < 0 || token >= vocabulary)
        gradient = NAN_F;
    for (int n = threadIdx.x; n < vocabulary / VECTOR; n += THREADS)
    {
        Piece piece = from[n];
        #pragma unroll
        for (int j = 0; j < VECTOR; j++)
        {
            float share = exponential(load(piece.x[j]) - logSum);
            piece.x[j] = store(gradient * (n * (long long)VECTOR + j == token ? share - 1 : share));
        }
        to[n] = piece;
    }
}
