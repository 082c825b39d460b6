namespace Kalisecu.Persons;

/// <summary>Names as stores keep them that hold one field for the whole.</summary>
internal static class WholeName
{
    /// <summary>
    /// The corrected whole, or null where no name is corrected. Such a store shows its name as the last one: alone it replaces
    /// the whole, and a first name alone does too.
    /// </summary>
    public static string? Of(IReadOnlyDictionary<PersonField, string> values)
    {
        var first = values.GetValueOrDefault(PersonField.FirstName, "");
        var last = values.GetValueOrDefault(PersonField.LastName, "");
        var whole = $"{first} {last}".Trim();
        return whole.Length == 0 ? null : whole;
    }
}
