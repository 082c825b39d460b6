using Kalisecu.Breaches;
using Kalisecu.Outbox;
using Kalisecu.Persistence;
using V1 = Kalisecu.Breaches.V1;

namespace Kalisecu.Tests.Breaches;

public sealed class BreachWordsTests
{
    [Fact]
    public void Enums_of_the_wire_have_the_names_of_the_domain()
    {
        Same<V1.BreachState, BreachState>();
        Same<V1.NotificationDecision, NotificationDecision>();
        Same<V1.CommunicationDecision, CommunicationDecision>();
        Same<V1.BreachNature, BreachNature>();
        Same<V1.BreachOrigin, BreachOrigin>();
        Same<V1.BreachCause, BreachCause>();
        Same<V1.BreachData, BreachData>();
        Same<V1.BreachPersons, BreachPersons>();
        Same<V1.BreachHarm, BreachHarm>();
        Same<V1.BreachSeverity, BreachSeverity>();
        Same<V1.BreachRisk, BreachRisk>();
        Same<V1.BreachAudience, BreachAudience>();
    }

    [Fact]
    public void Every_value_has_words_of_its_own()
    {
        Distinct<BreachState>(BreachWords.Of);
        Distinct<NotificationDecision>(BreachWords.Of);
        Distinct<CommunicationDecision>(BreachWords.Of);
        Distinct<BreachNature>(BreachWords.Of);
        Distinct<BreachOrigin>(BreachWords.Of);
        Distinct<BreachCause>(BreachWords.Of);
        Distinct<BreachData>(BreachWords.Of);
        Distinct<BreachPersons>(BreachWords.Of);
        Distinct<BreachSeverity>(BreachWords.Of);
        Distinct<BreachRisk>(BreachWords.Of);
        Distinct<PersonKind>(kind => BreachWords.OfPersonKind(kind.ToString()));
        foreach (var language in Enum.GetValues<Language>())
        {
            Distinct<BreachHarm>(harm => BreachWords.Of(harm, language));
            Distinct<DataCategory>(category => BreachWords.OfCategory(category.ToString(), language));
        }
    }

    private static void Same<TWire, TDomain>()
        where TWire : struct, Enum
        where TDomain : struct, Enum =>
        Assert.Equal(
            Enum.GetNames<TDomain>().Order(StringComparer.Ordinal),
            Enum.GetNames<TWire>().Where(n => n is not "Unspecified").Order(StringComparer.Ordinal)
        );

    private static void Distinct<T>(Func<T, string> words)
        where T : struct, Enum
    {
        var all = Enum.GetValues<T>().Select(words).ToList();
        Assert.Equal(all.Count, all.Distinct(StringComparer.Ordinal).Count());
    }
}
