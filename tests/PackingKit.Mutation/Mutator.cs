using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using static Microsoft.CodeAnalysis.CSharp.SyntaxKind;

namespace PackingKit.Mutation;

/// <summary>
/// Puts all mutants of a file into it, each behind a question for its number: <c>a &lt; b</c> becomes
/// <c>(Mutants.Is(7) ? (a &lt;= b) : (a &lt; b))</c>. Texts of messages, asserts, constants, patterns and what runs once are left alone.
/// </summary>
internal sealed class Mutator(string file, SemanticModel model, Func<Mutant, int?> number) : CSharpSyntaxRewriter
{
    /// <summary>Marks what belongs to a mutant, so that a compiler's error tells which.</summary>
    public const string Mark = "mutant";

    private static readonly Dictionary<SyntaxKind, (SyntaxKind Expression, SyntaxKind Token)[]> Operators = new()
    {
        [LessThanExpression] = [(LessThanOrEqualExpression, LessThanEqualsToken), (GreaterThanExpression, GreaterThanToken)],
        [LessThanOrEqualExpression] = [(LessThanExpression, LessThanToken), (GreaterThanExpression, GreaterThanToken)],
        [GreaterThanExpression] = [(GreaterThanOrEqualExpression, GreaterThanEqualsToken), (LessThanExpression, LessThanToken)],
        [GreaterThanOrEqualExpression] = [(GreaterThanExpression, GreaterThanToken), (LessThanExpression, LessThanToken)],
        [EqualsExpression] = [(NotEqualsExpression, ExclamationEqualsToken)],
        [NotEqualsExpression] = [(EqualsExpression, EqualsEqualsToken)],
        [LogicalAndExpression] = [(LogicalOrExpression, BarBarToken)],
        [LogicalOrExpression] = [(LogicalAndExpression, AmpersandAmpersandToken)],
        [AddExpression] = [(SubtractExpression, MinusToken)],
        [SubtractExpression] = [(AddExpression, PlusToken)],
        [MultiplyExpression] = [(DivideExpression, SlashToken)],
        [DivideExpression] = [(MultiplyExpression, AsteriskToken)],
        [ModuloExpression] = [(MultiplyExpression, AsteriskToken)],
        [LeftShiftExpression] = [(RightShiftExpression, GreaterThanGreaterThanToken)],
        [RightShiftExpression] = [(LeftShiftExpression, LessThanLessThanToken)],
        [BitwiseAndExpression] = [(BitwiseOrExpression, BarToken)],
        [BitwiseOrExpression] = [(BitwiseAndExpression, AmpersandToken)],
        [ExclusiveOrExpression] = [(BitwiseAndExpression, AmpersandToken)],
        [AddAssignmentExpression] = [(SubtractAssignmentExpression, MinusEqualsToken)],
        [SubtractAssignmentExpression] = [(AddAssignmentExpression, PlusEqualsToken)],
        [MultiplyAssignmentExpression] = [(DivideAssignmentExpression, SlashEqualsToken)],
        [DivideAssignmentExpression] = [(MultiplyAssignmentExpression, AsteriskEqualsToken)],
        [LeftShiftAssignmentExpression] = [(RightShiftAssignmentExpression, GreaterThanGreaterThanEqualsToken)],
        [RightShiftAssignmentExpression] = [(LeftShiftAssignmentExpression, LessThanLessThanEqualsToken)],
        [AndAssignmentExpression] = [(OrAssignmentExpression, BarEqualsToken)],
        [OrAssignmentExpression] = [(AndAssignmentExpression, AmpersandEqualsToken)],
        [PreIncrementExpression] = [(PreDecrementExpression, MinusMinusToken)],
        [PreDecrementExpression] = [(PreIncrementExpression, PlusPlusToken)],
        [PostIncrementExpression] = [(PostDecrementExpression, MinusMinusToken)],
        [PostDecrementExpression] = [(PostIncrementExpression, PlusPlusToken)],
    };

    /// <summary>Methods that do the other half, of spans, sequences and numbers.</summary>
    private static readonly Dictionary<string, string> Opposites = new()
    {
        ["Min"] = "Max", ["Max"] = "Min", ["Any"] = "All", ["All"] = "Any", ["Skip"] = "Take", ["Take"] = "Skip",
        ["First"] = "Last", ["Last"] = "First", ["Order"] = "OrderDescending", ["OrderDescending"] = "Order",
    };

    public override SyntaxNode? Visit(SyntaxNode? node) => node switch
    {
        AttributeListSyntax or PatternSyntax or SwitchLabelSyntax or EnumMemberDeclarationSyntax or ParameterSyntax => node,
        InterpolatedStringExpressionSyntax => node,
        FieldDeclarationSyntax field when field.Modifiers.Any(ConstKeyword) || field.Modifiers.Any(StaticKeyword) => node,
        PropertyDeclarationSyntax { Initializer: not null } property when property.Modifiers.Any(StaticKeyword) => node,
        LocalDeclarationStatementSyntax { IsConst: true } => node,
        InvocationExpressionSyntax call when IsNeverRun(call) => node,
        StatementSyntax statement => Statement(statement),
        ExpressionSyntax expression => Expression(expression),
        _ => base.Visit(node),
    };

    private StatementSyntax? Statement(StatementSyntax node)
    {
        if (node is ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } && IsNeverRun(call))
            return node;
        var result = (StatementSyntax?)(node is ExpressionStatementSyntax { Expression: var whole } && Operators.ContainsKey(whole.Kind())
            ? Inside((ExpressionStatementSyntax)node) : base.Visit(node));
        if (result is null || Declares(node))
            return result;
        if (node is ExpressionStatementSyntax { Expression: var expression })
            foreach (var (kind, other) in OtherOperators(expression))
                result = Choice(node, kind, ExpressionStatement(other), result);
        if (node is ExpressionStatementSyntax or ThrowStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax
            or ReturnStatementSyntax { Expression: null } && node.Parent is not SwitchSectionSyntax)
            result = Choice(node, "statement removed", Block(), result);
        return result;
    }

    /// <summary>An assignment or increment that is a statement: its operands alone, as the whole is changed as a statement.</summary>
    private ExpressionStatementSyntax Inside(ExpressionStatementSyntax node) =>
        node.WithExpression((ExpressionSyntax)base.Visit(node.Expression)!);

    private ExpressionSyntax? Expression(ExpressionSyntax node)
    {
        if (model.GetConstantValue(node).HasValue && node is not LiteralExpressionSyntax)
            return node;
        var result = (ExpressionSyntax?)base.Visit(node);
        // A statement may be a call or an assignment, not a choice.
        if (result is null || Declares(node) || node.Parent is ForStatementSyntax { Incrementors: var steps } && steps.Contains(node)
            || node.Parent is ExpressionStatementSyntax or InitializerExpressionSyntax && node is AssignmentExpressionSyntax)
            return result;
        foreach (var (kind, other) in Others(node))
            result = Choice(node, kind, other, result);
        return result;
    }

    private IEnumerable<(string Kind, ExpressionSyntax Other)> Others(ExpressionSyntax node)
    {
        if (node.Parent is not ExpressionStatementSyntax)
            foreach (var other in OtherOperators(node))
                yield return other;
        if (node is PrefixUnaryExpressionSyntax prefix
            && prefix.Kind() is LogicalNotExpression or UnaryMinusExpression or BitwiseNotExpression)
            yield return ($"{prefix.OperatorToken.Text} removed", prefix.Operand);
        if (node.IsKind(TrueLiteralExpression))
            yield return ("true to false", LiteralExpression(FalseLiteralExpression));
        if (node.IsKind(FalseLiteralExpression))
            yield return ("false to true", LiteralExpression(TrueLiteralExpression));
        if (node is ConditionalExpressionSyntax choice)
        {
            yield return ("condition is true", Parenthesized(choice.WhenTrue));
            yield return ("condition is false", Parenthesized(choice.WhenFalse));
        }
        if (IsCondition(node) && node is not (BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or LiteralExpressionSyntax))
            yield return ("condition negated", PrefixUnaryExpression(LogicalNotExpression, Parenthesized(node)));
        if (node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } member } call
            && Opposites.TryGetValue(name.Identifier.Text, out var opposite))
            yield return ($"{name.Identifier.Text} to {opposite}", call.WithExpression(member.WithName(IdentifierName(opposite))));
    }

    private IEnumerable<(string Kind, ExpressionSyntax Other)> OtherOperators(ExpressionSyntax node)
    {
        if (!Operators.TryGetValue(node.Kind(), out var others)
            || model.GetTypeInfo(node).Type is null or { SpecialType: SpecialType.System_String })
            yield break;
        foreach (var (kind, token) in others)
        {
            ExpressionSyntax other = node switch
            {
                BinaryExpressionSyntax binary => BinaryExpression(kind, binary.Left, Token(token), binary.Right),
                AssignmentExpressionSyntax assignment => AssignmentExpression(kind, assignment.Left, Token(token), assignment.Right),
                PrefixUnaryExpressionSyntax prefix => PrefixUnaryExpression(kind, Token(token), prefix.Operand),
                _ => PostfixUnaryExpression(kind, ((PostfixUnaryExpressionSyntax)node).Operand, Token(token)),
            };
            yield return ($"{Operator(node)} to {Token(token).Text}", other);
        }
    }

    private static string Operator(ExpressionSyntax node) => node switch
    {
        BinaryExpressionSyntax binary => binary.OperatorToken.Text,
        AssignmentExpressionSyntax assignment => assignment.OperatorToken.Text,
        PrefixUnaryExpressionSyntax prefix => prefix.OperatorToken.Text,
        _ => ((PostfixUnaryExpressionSyntax)node).OperatorToken.Text,
    };

    private ExpressionSyntax Choice(ExpressionSyntax node, string kind, ExpressionSyntax other, ExpressionSyntax otherwise) =>
        Number(node, kind) is not { } id ? otherwise : ParenthesizedExpression(
            ConditionalExpression(Is(id), Parenthesized(other), Parenthesized(otherwise))).WithAdditionalAnnotations(MarkOf(id));

    private StatementSyntax Choice(StatementSyntax node, string kind, StatementSyntax other, StatementSyntax otherwise) =>
        Number(node, kind) is not { } id ? otherwise
            : IfStatement(Is(id), Block(other), ElseClause(otherwise)).WithAdditionalAnnotations(MarkOf(id));

    private static SyntaxAnnotation MarkOf(int id) => new(Mark, $"{id}");

    private int? Number(SyntaxNode node, string kind) => number(new Mutant(
        file, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, node.SpanStart, kind, string.Join(' ', node.ToString().Split(
            (char[]?)null, StringSplitOptions.RemoveEmptyEntries))));

    private static ExpressionSyntax Is(int id) => ParseExpression($"global::PackingKit.Mutants.Is({id})");

    private static ParenthesizedExpressionSyntax Parenthesized(ExpressionSyntax node) => ParenthesizedExpression(node.WithoutTrivia());

    private static bool IsCondition(ExpressionSyntax node) => node.Parent switch
    {
        IfStatementSyntax at => at.Condition == node,
        WhileStatementSyntax at => at.Condition == node,
        DoStatementSyntax at => at.Condition == node,
        ForStatementSyntax at => at.Condition == node,
        BinaryExpressionSyntax at => at.Kind() is LogicalAndExpression or LogicalOrExpression,
        _ => false,
    };

    /// <summary>Whether a node brings in a variable that what follows may use: it cannot be moved.</summary>
    private static bool Declares(SyntaxNode node) => node is ExpressionSyntax or ExpressionStatementSyntax or ThrowStatementSyntax
        && node.DescendantNodes(inner => inner is not (BlockSyntax or LambdaExpressionSyntax))
            .Any(inner => inner is SingleVariableDesignationSyntax);

    /// <summary>Calls that Release leaves out, such as asserts.</summary>
    private bool IsNeverRun(InvocationExpressionSyntax call) => model.GetSymbolInfo(call).Symbol is { } method
        && method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(ConditionalAttribute));
}
