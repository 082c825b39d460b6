namespace Kalisecu.Findings;

internal static class CheckProto
{
    public static V1.Check Write(CatalogueCheck check) =>
        new()
        {
            Name = check.Check,
            TitleFr = check.Title.Fr,
            TitleEn = check.Title.En,
            DescriptionFr = check.Description.Fr,
            DescriptionEn = check.Description.En,
            RecommendationFr = check.Recommendation.Fr,
            RecommendationEn = check.Recommendation.En,
            CweNumbers = { check.Cwe.Order().Select(c => (uint)c) },
            DefaultSeverity = (V1.Severity)(int)check.Severity,
            ToolRules = { check.Rules.Select(r => new V1.ToolRule { Tool = r.Tool, Rule = r.Rule }) },
        };
}
