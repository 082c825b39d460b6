using Kalisecu.Letters;

namespace Kalisecu.Policies;

/// <summary>What every text of the policy has to say.</summary>
internal static class PolicyText
{
    /// <summary>Clause CTRL-1.</summary>
    public static bool NamesController(string text, ControllerProfile controller) =>
        new[] { controller.Name, controller.SirenInGroups, controller.Email, controller.City }.All(fact =>
            text.Contains(fact, StringComparison.Ordinal)
        );

    /// <summary>Clause RIGHT-8.</summary>
    public static bool NamesAuthority(string text) =>
        text.Contains(SupervisoryAuthority.Address, StringComparison.Ordinal);
}
