// The element type T that TYPE_BF16, TYPE_F16 or TYPE_F32 chooses, with its way from float32 (store) and to it (load).

#if defined(TYPE_BF16)
typedef unsigned short T;
__device__ inline float load(T x) { return __uint_as_float((unsigned)x << 16); }
__device__ inline T store(float x)
{
#if __CUDA_ARCH__ >= 800
    T y; asm("cvt.rn.bf16.f32 %0, %1;" : "=h"(y) : "f"(x)); return y;
#else
    unsigned bits = __float_as_uint(x);
    if ((bits & 0x7fffffffu) > 0x7f800000u) return 0x7fff;              // NaN stays NaN
    return (T)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);           // to nearest, ties to even
#endif
}
#elif defined(TYPE_F16)
typedef unsigned short T;
__device__ inline float load(T x) { float y; asm("cvt.f32.f16 %0, %1;" : "=f"(y) : "h"(x)); return y; }
__device__ inline T store(float x) { T y; asm("cvt.rn.f16.f32 %0, %1;" : "=h"(y) : "f"(x)); return y; }
#elif defined(TYPE_F32)
typedef float T;
__device__ inline float load(T x) { return x; }
__device__ inline T store(float x) { return x; }
#endif
