namespace Kalisecu.Errors;

/// <summary>Collects every bad field of a request, so that one refusal names them all.</summary>
internal sealed class Violations
{
    private readonly List<Violation> _found = [];

    public bool Any => _found.Count > 0;

    public void Add(string field, string description) => _found.Add(new Violation(field, description));

    /// <summary>Adds the violation unless the rule holds; answers whether it holds.</summary>
    public bool Check(bool holds, string field, string description)
    {
        if (!holds)
        {
            Add(field, description);
        }

        return holds;
    }

    public void ThrowIfAny()
    {
        if (Any)
        {
            throw GeneralErrors.InvalidRequest(_found);
        }
    }
}
