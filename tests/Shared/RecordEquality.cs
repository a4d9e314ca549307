using System.Collections;
using System.Reflection;

namespace PackingKit.Testing;

/// <summary>Records compare by content only as far as what they hold does.</summary>
public static class RecordEquality
{
    /// <summary>Collections in public records that are compared by reference: arrays, and lists without an equality.</summary>
    public static IEnumerable<string> ByReference(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        where IsRecord(type)
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.CanWrite && property.PropertyType.IsAssignableTo(typeof(IEnumerable))
            && !property.PropertyType.IsAssignableTo(typeof(IEquatable<>).MakeGenericType(property.PropertyType))
        select $"{type.Name}.{property.Name} is of {property.PropertyType.Name}";

    /// <summary>What the compiler gives every record, and no other type.</summary>
    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);
}
