using System.Collections.Frozen;

namespace Kalisecu.Compliance;

/// <summary>Where the GDPR applies: the 27 members of the European Union, and Iceland, Liechtenstein and Norway (EEA Joint
/// Committee decision 154/2018).</summary>
internal static class EuropeanEconomicArea
{
    private static readonly FrozenSet<string> Countries = (
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string country) => Countries.Contains(country);
}
