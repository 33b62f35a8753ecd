//! Amounts.

/// Groups a string of digits the Indian way: the last three, then pairs (`1,42,750`).
pub fn group_indian(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 2);
    let length = digits.chars().count();
    for (index, digit) in digits.chars().enumerate() {
        let left = length - index;
        if index > 0 && (left == 3 || (left > 3 && left % 2 == 1)) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
